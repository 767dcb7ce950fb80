import {
  acceptedPrices,
  candleList,
  candlesQuery,
  marketAnswer,
  marketList,
  marketQuery,
  marketsQuery,
  postedPrices,
} from "../market.ts";
import type { Operation } from "./operation.ts";

export const MARKET_OPERATIONS: Operation[] = [
  {
    method: "get",
    path: "/api/market",
    summary: "A symbol's newest price and its last 24 hours",
    tag: "market",
    query: marketQuery,
    answers: { 200: { description: "the newest known, however old", schema: marketAnswer } },
    errors: [400, 404],
  },
  {
    method: "get",
    path: "/api/markets",
    summary: "All symbols",
    tag: "market",
    query: marketsQuery,
    answers: { 200: { description: "each symbol that has a price", schema: marketList } },
    errors: [400],
  },
  {
    method: "get",
    path: "/api/market/candles",
    summary: "A symbol's candles",
    tag: "market",
    query: candlesQuery,
    answers: { 200: { description: "the newest ones, oldest first", schema: candleList } },
    errors: [400, 404],
  },
  {
    method: "post",
    path: "/api/market/prices",
    summary: "Bring your own prices",
    tag: "market",
    body: postedPrices,
    answers: {
      202: { description: "taken; older ones than the newest known are not counted", schema: acceptedPrices },
    },
    errors: [400, 413, 415],
  },
];
