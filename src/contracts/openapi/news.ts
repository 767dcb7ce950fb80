import { newsAnswer, newsQuery } from "../news.ts";
import type { Operation } from "./operation.ts";

export const NEWS_OPERATIONS: Operation[] = [
  {
    method: "get",
    path: "/api/news",
    summary: "News of the feeds, matched to coins and scored",
    tag: "news",
    query: newsQuery,
    answers: { 200: { description: "newest first", schema: newsAnswer } },
    errors: [400],
  },
];
