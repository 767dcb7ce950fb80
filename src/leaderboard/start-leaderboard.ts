import type { Express } from "express";
import type { TapeEntry } from "../contracts/tape.ts";
import { limitConcurrency } from "../platform/limit-concurrency.ts";
import type { Logger } from "../platform/logger.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { PriceBook } from "../portfolio/index.ts";
import type { Follower, Head } from "../tape/index.ts";
import { keepBoard } from "./board/keep-board.ts";
import { freshReads } from "./board/read-fresh.ts";
import { Scoreboard } from "./board/scoreboard.ts";
import { limitModels } from "./limit-models.ts";
import { Ranking } from "./ranking.ts";
import { analyticsReader } from "./read-analytics.ts";
import { leaderboardRoutes } from "./routes.ts";
import { type LiveRows, showLeaderboard } from "./show-live.ts";

/** Reads of the tables that may be long; they must leave connections for the writes. */
const LONG_READS = 2;
const WAIT_MS = 10_000;

export interface LeaderboardOptions {
  database: Database;
  follower: Follower;
  /** Reads the head row after the call, shared by those who ask at once. */
  readHead: () => Promise<Head>;
  prices: PriceBook;
  live: LiveRows;
  logger: Logger;
  /** How many of a model's newest trades are held beside its curve; for tests. */
  keep?: number;
}

export interface Leaderboard {
  /** Entries of the tape in seq order, each once. Never throws. */
  take(entries: readonly TapeEntry[]): void;
  /** The tape is another one. */
  startAnew(): void;
  /** What refuses new models beyond so many. */
  limitModels(most: number): (models: readonly string[]) => void;
  /** A price has changed. */
  pricesChanged(): void;
  routes(app: Express): void;
  gauges: Record<string, { help: string; read: () => number }>;
  /** Saves the scores for the next start. */
  stop(): Promise<void>;
}

/** Starts the scoreboard. It loads in the background; whoever asks meanwhile waits. */
export function startLeaderboard(options: LeaderboardOptions): Leaderboard {
  const { database, follower, readHead, prices, live, logger, keep } = options;
  const limit = limitConcurrency(LONG_READS);
  const board = new Scoreboard(keep);
  const onError = (error: unknown, what: string) => logger.warn({ err: error }, what);
  const keeper = keepBoard({ database, follower, board, limit, onError });
  const readFresh = freshReads({ board, keeper, follower, readHead, waitMs: WAIT_MS });
  const analytics = analyticsReader({ database, board, readFresh, limit });

  const ranking = new Ranking(board, prices);
  const shown = showLeaderboard(live, () => (board.isWhole ? ranking.places() : undefined));
  board.onChange = shown.touch;

  return {
    limitModels: (most) => limitModels(board, most),
    take: keeper.take,
    startAnew: keeper.startAnew,
    pricesChanged() {
      ranking.pricesChanged();
      shown.touch();
    },
    routes: (app) =>
      leaderboardRoutes(app, {
        readFresh,
        places: () => ranking.places(),
        asOf: () => board.asOf,
        analytics,
      }),
    gauges: {
      scoreboard_seq: { help: "Seq up to which trades are in the scores", read: () => board.asOf },
      scoreboard_models: {
        help: "Models that have a score",
        read: () => board.size,
      },
      scoreboard_unreadable_entries: {
        help: "Entries of the tape that could not be read since the start, whose models' scores came from the tables",
        read: () => keeper.unreadable,
      },
      analytics_computed_total: {
        help: "How often a model's analytics were worked out",
        read: () => analytics.computed,
      },
    },
    async stop() {
      shown.stop();
      await keeper.stop();
    },
  };
}
