import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Express } from "express";
import { conflate } from "../platform/conflate.ts";
import { keepLease, type Lease } from "../platform/lease.ts";
import type { Logger } from "../platform/logger.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { RedisClient, RedisConnections } from "../platform/redis/connect.ts";

import { chooseFeed, type FeedSetting } from "./feeds/choose-feed.ts";
import { type Feed, type FeedContext, POSTED } from "./feeds/feed.ts";
import { type MarketGauges, marketGauges } from "./gauges.ts";
import { PriceBoard, quoteText } from "./price-board.ts";
import { PriceStore } from "./price-store.ts";
import { marketRoutes } from "./routes.ts";
import { runFeed } from "./run-feed.ts";
import type { MarketQuote } from "./symbol-book.ts";
import { decodeChanges, encodeChanges } from "./wire.ts";

const LEASE = "price-feed";
const SEND_EVERY_MS = 100;
const REDIS_WAIT_MS = 500;
const LOAD_WAIT_MS = 1_500;
/** After Redis was away, time for the instances to save what they have; then for one that came back late. */
const RELOADS_AFTER_MS = [3_000, 15_000];

export interface MarketOptions {
  config: { priceFeed: FeedSetting; symbols: readonly string[] };
  database: Database;
  redis?: RedisConnections | undefined;
  /** Where newest prices are shown to clients; it conflates them. */
  live: { publish(event: string, key: string, text: string): void };
  /** Tells the other instances; they hand the text to their `learn`. At most ten times a second. */
  announce: (text: string) => void;
  /** The tape's identity: Redis keeps the prices of each apart. */
  playground: string;
  logger: Logger;
}

export interface Market {
  prices: PriceBoard;
  /** Takes what another instance has announced. */
  learn(text: string): void;
  routes(app: Express): void;
  gauges: MarketGauges;
  /** Ends the feed, saves what is not yet saved, and gives the lease back. */
  stop(): Promise<void>;
}

/**
 * Starts the market: reads the last day out of Redis, then runs the price feed while this instance holds the lease.
 * @throws Error with a sentence where the feed cannot be used at all.
 */
export async function startMarket(options: MarketOptions): Promise<Market> {
  const { config, live, announce, redis, playground, logger } = options;
  const feed = chooseFeed(config.priceFeed);
  await feed?.check();
  const origin = randomBytes(6).toString("hex");
  const board = new PriceBoard(origin);

  const show = (quotes: MarketQuote[]) => {
    for (const quote of quotes) live.publish("prices", quote.symbol, quoteText(quote));
  };
  const prefix = () => `tp:market:${playground}:${feed?.name ?? "none"}:`;
  const store = redis && new PriceStore({ client: redis.commands, board, prefix, onNews: show });
  const outgoing = conflate(SEND_EVERY_MS, () => {
    const changes = board.changes();
    show(changes.quotes);
    if (redis === undefined) return;
    announce(encodeChanges(changes));
    store?.note(changes);
  });
  const load = () =>
    store?.load().catch((error: unknown) => logger.debug({ err: error }, "prices cannot be read from Redis"));

  let reloads: NodeJS.Timeout[] = [];
  const onSubscribed = () => {
    for (const reload of reloads) clearTimeout(reload);
    reloads = RELOADS_AFTER_MS.map((wait) => setTimeout(() => void load(), wait).unref());
  };
  if (redis !== undefined) {
    await isReady(redis.commands);
    await Promise.race([load(), sleep(LOAD_WAIT_MS, undefined, { ref: false })]);
    // What was announced while this instance could not hear is in Redis.
    redis.subscriber.on("ready", onSubscribed);
  }
  const running = feed && holdFeed(feed, origin, board, outgoing.touch, options);

  return {
    prices: board,
    gauges: marketGauges(board, {
      restarts: () => running?.restarts() ?? 0,
      isHolder: () => running?.lease.isHeld() ?? false,
    }),
    learn: (text) => show(board.learn(decodeChanges(text))),
    routes: (app) =>
      marketRoutes(app, board, (ticks) => {
        const taken = board.take(ticks, POSTED);
        // Not conflated: whoever subscribes after the answer sees what was posted.
        show(taken);
        if (taken.length > 0) outgoing.touch();
        return taken.length;
      }),
    async stop() {
      for (const reload of reloads) clearTimeout(reload);
      redis?.subscriber.off("ready", onSubscribed);
      await running?.lease.stop();
      outgoing.stop();
      store?.note(board.changes());
      await store?.stop();
    },
  };
}

/** Runs the feed whenever this instance holds the lease. */
function holdFeed(
  feed: Feed,
  holder: string,
  board: PriceBoard,
  onTicks: () => void,
  { config, database, logger }: MarketOptions,
): { lease: Lease; restarts(): number } {
  let run: AbortController | undefined;
  let restarts = 0;
  const start = () => {
    run = new AbortController();
    const { signal } = run;
    const context: FeedContext = {
      symbols: config.symbols,
      signal,
      drop: (reason) => board.drop(reason),
      lastKnown: (symbol) => board.book(symbol)?.lastOfFeed,
      emit(ticks) {
        // Asked for each tick: a process that was stopped for a while still believes that it holds the lease.
        if (signal.aborted || !lease.isHeld()) return;
        if (board.take(ticks, feed.name).length > 0) onTicks();
      },
    };
    void runFeed(feed, context, logger, () => restarts++);
  };
  const lease = keepLease({
    database,
    name: LEASE,
    holder,
    onGained() {
      logger.info({ feed: feed.name }, "this instance runs the price feed");
      start();
    },
    onLost() {
      logger.info({ feed: feed.name }, "this instance no longer runs the price feed");
      run?.abort();
    },
    onError: (error) => logger.warn({ err: error }, "the price feed's lease cannot be renewed; trying again"),
  });
  return { lease, restarts: () => restarts };
}

/** Waits for Redis to be there, but not for long. */
async function isReady(client: RedisClient): Promise<void> {
  if (client.status === "ready") return;
  const signal = AbortSignal.timeout(REDIS_WAIT_MS);
  await once(client as NodeJS.EventEmitter, "ready", { signal }).catch(() => {});
}
