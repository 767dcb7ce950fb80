import {
  newSentiment,
  sentimentAnswer,
  sentimentPage,
  sentimentQuery,
  sentimentSummary,
  sentimentSummaryQuery,
} from "../sentiment.ts";
import { idempotencyKey, type Operation } from "./operation.ts";

export const SENTIMENT_OPERATIONS: Operation[] = [
  {
    method: "post",
    path: "/api/sentiment",
    summary: "Score a text; with a symbol it is stored",
    tag: "sentiment",
    body: newSentiment,
    headers: idempotencyKey,
    answers: { 200: { description: "scored", schema: sentimentAnswer } },
    errors: [400, 409, 413, 415, 503],
  },
  {
    method: "get",
    path: "/api/sentiment",
    summary: "Stored scores, newest first",
    tag: "sentiment",
    query: sentimentQuery,
    answers: { 200: { description: "a page", schema: sentimentPage } },
    errors: [400, 503],
  },
  {
    method: "get",
    path: "/api/sentiment/summary",
    summary: "How a symbol's scores spread",
    tag: "sentiment",
    query: sentimentSummaryQuery,
    answers: { 200: { description: "counts and mean", schema: sentimentSummary } },
    errors: [400, 503],
  },
];
