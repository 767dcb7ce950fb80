import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from "@asteasolutions/zod-to-openapi";
import { ROUTE_ACCESS } from "../access.ts";
import { SESSION_COOKIE } from "../accounts.ts";
import { errorBody } from "../common.ts";
import { z } from "../zod.ts";
import { ACCOUNTS_OPERATIONS } from "./accounts.ts";
import { ADMIN_OPERATIONS } from "./admin.ts";
import { LEADERBOARD_OPERATIONS } from "./leaderboard.ts";
import { MARKET_OPERATIONS } from "./market.ts";
import { NEWS_OPERATIONS } from "./news.ts";
import type { Operation } from "./operation.ts";
import { OPERATIONS_OPERATIONS } from "./operations.ts";
import { PORTFOLIO_OPERATIONS } from "./portfolio.ts";
import { SENTIMENT_OPERATIONS } from "./sentiment.ts";
import { STREAM_OPERATIONS, STREAM_SCHEMAS } from "./stream.ts";
import { TRADES_OPERATIONS } from "./trades.ts";

const ERRORS: Record<number, string> = {
  400: "validation_error: something in the request is not as it must be; details name each field",
  401: "unauthenticated: sign in, or send a key",
  403: "forbidden: this account or key may not, or the page that sent it belongs elsewhere",
  404: "not_found",
  409: "conflict: the id or key is there with other content, or the trade is closed already",
  413: "payload_too_large",
  415: "the body is not JSON",
  429: "rate_limited: try again after Retry-After",
  503: "unavailable: try again after Retry-After, with the same id or key",
};

const decimals = z
  .enum(["number", "string"])
  .optional()
  .openapi({ description: "string: decimals as exact strings" });

const OPERATIONS = [
  ...TRADES_OPERATIONS,
  ...PORTFOLIO_OPERATIONS,
  ...SENTIMENT_OPERATIONS,
  ...LEADERBOARD_OPERATIONS,
  ...MARKET_OPERATIONS,
  ...NEWS_OPERATIONS,
  ...STREAM_OPERATIONS,
  ...ACCOUNTS_OPERATIONS,
  ...ADMIN_OPERATIONS,
  ...OPERATIONS_OPERATIONS,
];

/** The OpenAPI 3.1 document, made from the schemas that check the requests. */
export function buildOpenApi() {
  const registry = new OpenAPIRegistry();
  for (const [name, schema] of Object.entries(STREAM_SCHEMAS)) registry.register(name, schema);
  registry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer" });
  registry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: SESSION_COOKIE,
  });
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
  const { security, refusals } = accessOf(`${method.toUpperCase()} ${path}`);
  const statuses = [...new Set([...errors, ...refusals])].sort((a, b) => a - b);
  return {
    method,
    path,
    summary,
    tags: [tag],
    ...(security.length > 0 && { security }),
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
        Object.entries(answers).map(([status, { description, schema, content, orText }]) => [
          status,
          {
            description,
            content: {
              [content ?? "application/json"]: { schema: schema ?? z.string() },
              ...(orText !== undefined && { [orText]: { schema: z.string() } }),
            },
          },
        ]),
      ),
      ...Object.fromEntries(
        statuses.map((status) => [
          status,
          { description: ERRORS[status] ?? "error", content: { "application/json": { schema: errorBody } } },
        ]),
      ),
    },
  };
}

/** What the access table adds to an operation: how to say who one is, and how one is refused. */
function accessOf(route: string) {
  const access = ROUTE_ACCESS[route];
  const isOpenToAll = access === undefined || access.may.includes("nobody");
  const isForKeys = access?.may.some((who) => who.endsWith("key")) === true;
  const security = isOpenToAll ? [] : [{ session: [] }, ...(isForKeys ? [{ key: [] }] : [])];
  const limited = access?.writes ? [429] : [];
  if (isOpenToAll) return { security, refusals: [...(access?.reads ? [401] : []), ...limited] };
  return { security, refusals: [401, 403, ...limited] };
}
