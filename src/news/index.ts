import type { Express } from "express";
import { newsQuery } from "../contracts/news.ts";
import { validQuery } from "../platform/http/query.ts";
import { sendJson } from "../platform/http/respond.ts";
import type { Logger } from "../platform/logger.ts";
import type { RedisClient } from "../platform/redis/connect.ts";
import type { Resolve } from "../platform/safe-fetch/index.ts";
import { answerBuilder } from "./answer.ts";
import { FeedReader } from "./feed/feed-reader.ts";
import type { FeedRecord } from "./feed-record.ts";
import { lookAtFeed } from "./look-at-feed.ts";
import { NewsDesk, type NewsTimings } from "./news-desk.ts";
import { openNewsStore } from "./news-store.ts";
import { type LiveNews, liveNews } from "./show-live.ts";

/** Where a feed's failures are recorded. */
export interface FailureLog {
  record(entry: { level: "warn" | "error"; message: string; job: string }): void;
}

export interface NewsOptions {
  /** Addresses of RSS, Atom, RDF and JSON feeds; none: there is no news. */
  feeds: readonly string[];
  /** Feeds on this machine's loopback addresses may be read; for tests. */
  allowLoopback: boolean;
  /** Shared between instances; absent: each instance reads the feeds itself. */
  redis?: RedisClient | undefined;
  playground: string;
  live: LiveNews;
  logger: Logger;
  errorLog: FailureLog;
  /** How feeds' host names are resolved; the system's resolver where absent. */
  resolve?: Resolve | undefined;
  timings?: Partial<NewsTimings & { connectMs: number; fetchMs: number }> | undefined;
}

export interface News {
  /** `GET /api/news`. */
  routes(app: Express): void;
  stop(): Promise<void>;
}

const TIMINGS = {
  refreshMs: 300_000,
  forcedMs: 30_000,
  pollMs: 5_000,
  waitMs: 12_000,
  connectMs: 4_000,
  fetchMs: 10_000,
};

/** Starts reading the feeds: in turns, and with the other instances that share the Redis. */
export function startNews(options: NewsOptions): News {
  const { feeds, allowLoopback, redis, playground, live, logger, resolve } = options;
  const { connectMs, fetchMs, ...timings } = { ...TIMINGS, ...options.timings };
  const ending = new AbortController();
  const reader = new FeedReader();
  const limits = { connectTimeoutMs: connectMs, timeoutMs: fetchMs, signal: ending.signal };
  const desk = new NewsDesk({
    feeds,
    store: openNewsStore(redis, playground, feeds),
    timings,
    look: (feed, record) => lookAtFeed(feed, record, { reader, allowLoopback, resolve, ...limits }),
    onLook: (feed, before, after) => tellChange(options, feed, before, after),
    onArticles: liveNews(live),
    onError: (error) => logger.error({ err: error }, "the news could not be refreshed; trying again"),
  });
  const answer = answerBuilder();
  desk.start();

  return {
    routes(app) {
      app.get("/api/news", async (request, response) => {
        const { symbol, refresh } = validQuery(newsQuery, request);
        const cached = !(await desk.prepare(refresh)) && feeds.length > 0;
        const timestamp = new Date().toISOString();
        sendJson(request, response, 200, answer(desk.articles, { symbol, cached, timestamp }));
      });
    },
    async stop() {
      ending.abort();
      await reader.stop();
      await desk.stop();
    },
  };
}

/** One line when a feed fails and one when it is back; a dead one would otherwise be told every five minutes. */
function tellChange(
  { logger, errorLog }: NewsOptions,
  address: string,
  before: FeedRecord,
  after: FeedRecord,
): void {
  const { failure } = after.stamp;
  const hasFailed = before.stamp.failure !== null;
  if (hasFailed === (failure !== null)) return;
  const feed = withoutSecrets(address);
  if (failure === null) {
    logger.info({ feed }, "a news feed is back");
    return;
  }
  logger.warn({ feed, reason: failure }, "a news feed fails; its former articles stay for 12 hours");
  errorLog.record({ level: "warn", job: "news", message: `The news feed ${feed} fails: ${failure}` });
}

/** Feeds that cost money carry their key in the query. */
function withoutSecrets(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}
