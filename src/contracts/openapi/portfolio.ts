import {
  portfolioAnswer,
  portfolioHistory,
  portfolioHistoryQuery,
  portfolioList,
  portfolioQuery,
  portfolioReport,
  valuedPortfolio,
} from "../portfolio.ts";
import { z } from "../zod.ts";
import { idempotencyKey, type Operation } from "./operation.ts";

export const PORTFOLIO_OPERATIONS: Operation[] = [
  {
    method: "post",
    path: "/api/portfolio",
    summary: "Report what a model holds",
    tag: "portfolio",
    body: portfolioReport,
    headers: idempotencyKey,
    answers: { 200: { description: "committed", schema: portfolioAnswer } },
    errors: [400, 409, 413, 415, 503],
  },
  {
    method: "get",
    path: "/api/portfolio",
    summary: "One model's portfolio, or all",
    tag: "portfolio",
    query: portfolioQuery,
    answers: {
      200: { description: "valued with live prices", schema: z.union([valuedPortfolio, portfolioList]) },
    },
    errors: [400, 404, 503],
  },
  {
    method: "get",
    path: "/api/portfolio/history",
    summary: "A model's equity curve",
    tag: "portfolio",
    query: portfolioHistoryQuery,
    answers: {
      200: { description: "oldest first, thinned to the points asked for", schema: portfolioHistory },
    },
    errors: [400, 404, 503],
  },
];
