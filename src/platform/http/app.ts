import express, { type ErrorRequestHandler, type Express } from "express";
import { type AppError, notFound, unavailable, validationError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import {
  databaseErrorCode,
  isDatabaseUnavailable,
  UNDEFINED_TABLE,
  UNSTORABLE_TEXT,
} from "../postgres/errors.ts";
import { sendError, toAppError } from "./respond.ts";

/**
 * An Express app with nothing that the hot routes would pay for; `finishApp` closes it.
 * @param trustProxy whose X-Forwarded-* headers are believed: nobody's, so many hops', or those of these addresses.
 */
export function createApp(trustProxy: false | number | string[] = false): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.set("trust proxy", trustProxy);
  return app;
}

/** A request that was answered with 5xx. */
export interface FailedRequest {
  error: unknown;
  status: number;
  level: "warn" | "error";
  /** As `METHOD /path/:parameter`, without what the client filled in. */
  route: string;
}

/** The end of every request that no route took, or in which something was thrown. */
export function finishApp(app: Express, logger: Logger, onFailure?: (failure: FailedRequest) => void): void {
  app.use((request) => {
    throw notFound(`There is nothing at ${request.method} ${request.path.slice(0, 200)}.`);
  });
  const onError: ErrorRequestHandler = (thrown: unknown, request, response, _next) => {
    const error = translate(thrown);
    if (error.status >= 500) {
      const level = error.status === 503 ? "warn" : "error";
      // Not the path itself: people paste secrets where an id belongs.
      const path = typeof request.route?.path === "string" ? request.route.path : "(no route)";
      const route = `${request.method} ${path}`;
      logger[level]({ err: thrown, route }, "a request failed");
      onFailure?.({ error: thrown, status: error.status, level, route });
    }
    sendError(request, response, error);
  };
  app.use(onError);
}

/** What was thrown in a request, as the client is told of it. */
export function translate(thrown: unknown): AppError {
  if (isDatabaseUnavailable(thrown)) return unavailable("The database did not answer; try again.");
  if (databaseErrorCode(thrown) === UNDEFINED_TABLE) {
    return unavailable("A table is missing: the database is not migrated. Run npm run db:migrate.");
  }
  if (databaseErrorCode(thrown) === UNSTORABLE_TEXT) {
    return validationError("Text must not hold NUL characters.");
  }
  return toAppError(thrown);
}

/** Every route of the app as `METHOD /path/{parameter}`. */
export function routesOf(app: Express): string[] {
  return app.router.stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    return [...new Set(route.stack.map(({ method }) => `${method.toUpperCase()} ${path}`))];
  });
}
