import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Leaderboard, startLeaderboard } from "../../src/leaderboard/index.ts";
import { createApp, finishApp } from "../../src/platform/http/app.ts";
import { createLogger } from "../../src/platform/logger.ts";
import { type Database, openDatabase, type Statement } from "../../src/platform/postgres/database.ts";
import { Appender, cachedAnswers, Follower, readHead, sharedHeadReader } from "../../src/tape/index.ts";

/** The service's parts that the scoreboard lives between, on a database of a test's own; no stream, no feed. */
export interface OpenBoard {
  url: string;
  database: Database;
  appender: Appender;
  answers: ReturnType<typeof cachedAnswers>;
  leaderboard: Leaderboard;
  /** Names of the prepared statements that the scoreboard has run. */
  statements: string[];
  close(): Promise<void>;
}

export const NO_PRICES = { get: () => undefined, all: () => [] };

/** @param keep how many of a model's newest trades are held beside its curve. */
export async function openBoard(databaseUrl: string, keep?: number): Promise<OpenBoard> {
  const database = openDatabase({ url: databaseUrl, poolSize: 6, models: [] });
  const statements: string[] = [];
  const counted: Database = {
    ...database,
    run<Row>(statement: Statement, values: unknown[]) {
      statements.push(statement.name);
      return database.run<Row>(statement, values);
    },
  };
  let leaderboard: Leaderboard | undefined;
  const follower = await Follower.start({
    database,
    onEntries: (entries) => leaderboard?.take(entries),
    onEpochChange: () => leaderboard?.startAnew(),
    headCheckMs: () => 100,
    onError: () => {},
  });
  const readSharedHead = sharedHeadReader(() => readHead(database));
  const appender = new Appender({
    database,
    maxQueuedRows: 10_000,
    onCommit: ({ entries, epoch }) => follower.offer(entries, epoch),
  });
  const logger = createLogger("silent");
  leaderboard = startLeaderboard({
    database: counted,
    follower,
    readHead: readSharedHead,
    prices: NO_PRICES,
    live: { publish() {}, forget() {}, provide() {} },
    logger,
    ...(keep !== undefined && { keep }),
  });
  const { stop } = leaderboard;
  const app = createApp();
  leaderboard.routes(app);
  finishApp(app, logger);
  const http = createServer(app);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    database,
    appender,
    answers: cachedAnswers(readSharedHead, undefined),
    leaderboard,
    statements,
    async close() {
      await closed(http);
      await stop();
      follower.stop();
      await database.close();
    },
  };
}

async function closed(http: Server): Promise<void> {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
}
