import {
  bulkAnswer,
  bulkTrades,
  newTrade,
  tradeAnswer,
  tradeClose,
  tradeFilter,
  tradeOut,
  tradePage,
} from "../trades.ts";
import { z } from "../zod.ts";
import { idempotencyKey, type Operation } from "./operation.ts";

const tradeId = z.object({ id: z.string() });

export const TRADES_OPERATIONS: Operation[] = [
  {
    method: "post",
    path: "/api/trades",
    summary: "Record a trade",
    tag: "trades",
    body: newTrade,
    headers: idempotencyKey,
    answers: {
      201: { description: "committed", schema: tradeAnswer },
      200: { description: "the same trade was there before", schema: tradeAnswer },
    },
    errors: [400, 409, 413, 415, 503],
  },
  {
    method: "get",
    path: "/api/trades",
    summary: "Trades, newest first",
    tag: "trades",
    query: tradeFilter,
    answers: {
      200: {
        description: "a page; CSV of all matches with format=csv",
        schema: tradePage,
        orText: "text/csv",
      },
    },
    errors: [400, 503],
  },
  {
    method: "post",
    path: "/api/trades/bulk",
    summary: "Record up to 1000 trades, all or none",
    tag: "trades",
    body: bulkTrades,
    headers: idempotencyKey,
    answers: {
      201: { description: "committed", schema: bulkAnswer },
      200: { description: "all of them were there before", schema: bulkAnswer },
    },
    errors: [400, 409, 413, 415, 503],
  },
  {
    method: "get",
    path: "/api/trades/{id}",
    summary: "One trade",
    tag: "trades",
    params: tradeId,
    answers: { 200: { description: "the trade", schema: tradeOut } },
    errors: [400, 404, 503],
  },
  {
    method: "patch",
    path: "/api/trades/{id}",
    summary: "Close an open trade",
    tag: "trades",
    params: tradeId,
    body: tradeClose,
    answers: { 200: { description: "closed, and on the tape", schema: tradeAnswer } },
    errors: [400, 404, 409, 413, 415, 503],
  },
];
