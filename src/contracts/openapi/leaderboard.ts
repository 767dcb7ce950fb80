import {
  analyticsParams,
  analyticsQuery,
  leaderboardAnswer,
  leaderboardQuery,
  modelAnalytics,
} from "../leaderboard.ts";
import type { Operation } from "./operation.ts";

export const LEADERBOARD_OPERATIONS: Operation[] = [
  {
    method: "get",
    path: "/api/leaderboard",
    summary: "All models, ranked",
    tag: "leaderboard",
    query: leaderboardQuery,
    answers: { 200: { description: "by equity, the highest first", schema: leaderboardAnswer } },
    errors: [400, 503],
  },
  {
    method: "get",
    path: "/api/models/{model}/analytics",
    summary: "One model's figures over its closed trades",
    tag: "leaderboard",
    params: analyticsParams,
    query: analyticsQuery,
    answers: { 200: { description: "as of one seq of the tape", schema: modelAnalytics } },
    errors: [400, 404, 503],
  },
];
