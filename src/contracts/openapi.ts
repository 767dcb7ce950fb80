import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from "@asteasolutions/zod-to-openapi";
import { clearedCache, errorList, serviceStatus } from "./admin.ts";
import { errorBody } from "./common.ts";
import {
  acceptedPrices,
  candleList,
  candlesQuery,
  marketAnswer,
  marketList,
  marketQuery,
  marketsQuery,
  postedPrices,
} from "./market.ts";
import { newsAnswer, newsQuery } from "./news.ts";
import {
  portfolioAnswer,
  portfolioHistory,
  portfolioHistoryQuery,
  portfolioList,
  portfolioQuery,
  portfolioReport,
  valuedPortfolio,
} from "./portfolio.ts";
import {
  newSentiment,
  sentimentAnswer,
  sentimentPage,
  sentimentQuery,
  sentimentSummary,
  sentimentSummaryQuery,
} from "./sentiment.ts";
import { tapePage, tapeQuery } from "./tape.ts";
import {
  bulkAnswer,
  bulkTrades,
  newTrade,
  tradeAnswer,
  tradeClose,
  tradeFilter,
  tradeOut,
  tradePage,
} from "./trades.ts";
import { z } from "./zod.ts";

const ERRORS: Record<number, string> = {
  400: "validation_error: something in the request is not as it must be; details name each field",
  401: "unauthenticated: sign in, or send a key",
  404: "not_found",
  409: "conflict: the id or key is there with other content, or the trade is closed already",
  413: "payload_too_large",
  415: "the body is not JSON",
  503: "unavailable: try again after Retry-After, with the same id or key",
};

const idempotencyKey = z.object({
  "idempotency-key": z
    .string()
    .max(255)
    .optional()
    .openapi({ description: "makes a retry safe where no id is sent" }),
});
const decimals = z
  .enum(["number", "string"])
  .optional()
  .openapi({ description: "string: decimals as exact strings" });

interface Operation {
  method: RouteConfig["method"];
  path: string;
  summary: string;
  tag: string;
  query?: z.ZodObject;
  params?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodType;
  answers: Record<number, { description: string; schema?: z.ZodType; content?: string }>;
  errors: number[];
}

const write = { headers: idempotencyKey };
const tradeId = z.object({ id: z.string() });

const OPERATIONS: Operation[] = [
  {
    method: "post",
    path: "/api/trades",
    summary: "Record a trade",
    tag: "trades",
    body: newTrade,
    ...write,
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
    answers: { 200: { description: "a page; CSV of all matches with format=csv", schema: tradePage } },
    errors: [400, 503],
  },
  {
    method: "post",
    path: "/api/trades/bulk",
    summary: "Record up to 1000 trades, all or none",
    tag: "trades",
    body: bulkTrades,
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
    errors: [404, 503],
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
  {
    method: "post",
    path: "/api/portfolio",
    summary: "Report what a model holds",
    tag: "portfolio",
    body: portfolioReport,
    ...write,
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
  {
    method: "post",
    path: "/api/sentiment",
    summary: "Score a text; with a symbol it is stored",
    tag: "sentiment",
    body: newSentiment,
    ...write,
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
  {
    method: "get",
    path: "/api/news",
    summary: "News of the feeds, matched to coins and scored",
    tag: "news",
    query: newsQuery,
    answers: { 200: { description: "newest first", schema: newsAnswer } },
    errors: [400],
  },
  {
    method: "get",
    path: "/api/tape",
    summary: "The log itself, paged",
    tag: "stream",
    query: tapeQuery,
    answers: { 200: { description: "entries after since", schema: tapePage } },
    errors: [400, 503],
  },
  {
    method: "get",
    path: "/api/stream",
    summary: "Server-sent events; resumes with Last-Event-ID",
    tag: "stream",
    query: z.object({
      channels: z.string(),
      since: z.int().nonnegative().optional(),
      epoch: z.string().optional(),
    }),
    headers: z.object({ "last-event-id": z.string().optional() }),
    answers: { 200: { description: "an endless stream of events", content: "text/event-stream" } },
    errors: [400],
  },
  {
    method: "get",
    path: "/api/admin/errors",
    summary: "What went wrong: the newest 200 of seven days",
    tag: "admin",
    answers: { 200: { description: "newest first", schema: errorList } },
    errors: [400, 401],
  },
  {
    method: "get",
    path: "/api/admin/status",
    summary: "What is up",
    tag: "admin",
    answers: { 200: { description: "this instance and what it needs", schema: serviceStatus } },
    errors: [400, 401],
  },
  {
    method: "post",
    path: "/api/admin/cache/clear",
    summary: "Clear the cached answers",
    tag: "admin",
    answers: { 200: { description: "cleared", schema: clearedCache } },
    errors: [400, 401, 503],
  },
  {
    method: "get",
    path: "/healthz",
    summary: "The process is alive",
    tag: "operations",
    answers: { 200: { description: "alive", schema: z.object({ status: z.literal("alive") }) } },
    errors: [],
  },
  {
    method: "get",
    path: "/readyz",
    summary: "PostgreSQL is reached and migrated",
    tag: "operations",
    answers: {
      200: {
        description: "ready; degraded where Redis is away",
        schema: z.object({
          status: z.string(),
          degraded: z.boolean(),
          checks: z.record(z.string(), z.string()),
        }),
      },
    },
    errors: [503],
  },
  {
    method: "get",
    path: "/metrics",
    summary: "Prometheus metrics",
    tag: "operations",
    answers: { 200: { description: "text exposition", content: "text/plain" } },
    errors: [],
  },
  {
    method: "get",
    path: "/openapi.json",
    summary: "This document",
    tag: "operations",
    answers: { 200: { description: "OpenAPI 3.1", schema: z.record(z.string(), z.unknown()) } },
    errors: [],
  },
  {
    method: "get",
    path: "/asyncapi.yaml",
    summary: "The streaming contract",
    tag: "operations",
    answers: { 200: { description: "AsyncAPI", content: "application/yaml" } },
    errors: [],
  },
];

/** The OpenAPI 3.1 document, made from the schemas that check the requests. */
export function buildOpenApi() {
  const registry = new OpenAPIRegistry();
  for (const operation of OPERATIONS) registry.registerPath(routeOf(operation));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "trading-playground",
      version: "1",
      description:
        "The open place where trading models compete. A 2xx on a write means: committed to PostgreSQL.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
  });
}

function routeOf({
  method,
  path,
  summary,
  tag,
  query,
  params,
  headers,
  body,
  answers,
  errors,
}: Operation): RouteConfig {
  const isJson = Object.values(answers).some(({ schema }) => schema !== undefined);
  const wholeQuery =
    isJson && path.startsWith("/api/") ? (query ?? z.object({})).extend({ decimals }) : query;
  return {
    method,
    path,
    summary,
    tags: [tag],
    request: {
      ...(wholeQuery !== undefined && { query: wholeQuery }),
      ...(params !== undefined && { params }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && {
        body: { required: true, content: { "application/json": { schema: body } } },
      }),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { description, schema, content }]) => [
          status,
          { description, content: { [content ?? "application/json"]: { schema: schema ?? z.string() } } },
        ]),
      ),
      ...Object.fromEntries(
        errors.map((status) => [
          status,
          { description: ERRORS[status] ?? "error", content: { "application/json": { schema: errorBody } } },
        ]),
      ),
    },
  };
}
