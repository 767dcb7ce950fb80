import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { refuseMissing } from "./account-settings.ts";
import { openAccounts } from "./accounts/index.ts";
import type { Config } from "./config.ts";
import { buildOpenApi } from "./contracts/openapi/index.ts";
import { type Leaderboard, startLeaderboard } from "./leaderboard/index.ts";
import { startMarket } from "./market/index.ts";
import { MODELS } from "./models.ts";
import { startNews } from "./news/index.ts";
import {
  adminRoutes,
  createErrorLog,
  createMetrics,
  operationsRoutes,
  type Readiness,
} from "./operations/index.ts";
import { pageRoutes } from "./pages/index.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./platform/embedded-postgres/index.ts";
import { createApp, finishApp, routesOf } from "./platform/http/app.ts";
import {
  checkPort,
  closeHttp,
  createHttpServer,
  endConnectionsAfterAnswers,
  listen,
} from "./platform/http/server.ts";
import type { WriteGuard } from "./platform/http/write-guard.ts";
import type { Logger } from "./platform/logger.ts";
import { openDatabase } from "./platform/postgres/database.ts";
import { readIdentity } from "./platform/postgres/identity.ts";
import { madeSecret } from "./platform/postgres/made-secret.ts";
import { migrate, migrationCheck } from "./platform/postgres/migrate.ts";
import { answerCache } from "./platform/redis/answer-cache.ts";
import { connectRedis } from "./platform/redis/connect.ts";
import { openSeal } from "./platform/redis/seal-messages.ts";
import { type Closer, runAll } from "./platform/run-all.ts";
import { portfolioRoutes } from "./portfolio/index.ts";
import { sentimentRoutes } from "./sentiment/index.ts";
import { Hub, LiveValues, openStream, type Stream, streamRoutes } from "./stream/index.ts";
import {
  Appender,
  cachedAnswers,
  Follower,
  readHead,
  sharedHeadReader,
  startRetention,
} from "./tape/index.ts";
import { tradeRoutes } from "./trades/index.ts";

const HEAD_CHECK_MS = 1000;
/** Without announcements the look at the head row is the only way, so it comes more often. */
const HEAD_CHECK_ALONE_MS = 250;
const RETRY_MS = 1000;

export interface App {
  url: string;
  /** Where the embedded database keeps its data; absent with DATABASE_URL. */
  dataDir?: string;
  /** Every route as `METHOD /path/{parameter}`, for holding the contract against. */
  routes(): string[];
  stop(): Promise<void>;
}

/** Puts all parts together and starts them: the one file that knows every part. */
export async function startApp(config: Config, logger: Logger): Promise<App> {
  refuseMissing(config);
  const closers: Closer[] = [];
  try {
    return await assemble(config, logger, closers);
  } catch (error) {
    await runAll(closers.reverse()).catch(() => {});
    throw error;
  }
}

async function assemble(config: Config, logger: Logger, closers: Closer[]): Promise<App> {
  await checkPort(config);
  const embedded = config.databaseUrl === undefined ? await startEmbedded(config, logger) : undefined;
  if (embedded !== undefined) closers.push(() => embedded.stop());
  const databaseUrl = config.databaseUrl ?? (embedded as EmbeddedPostgres).url;
  const applied = await migrate(databaseUrl);
  if (applied.length > 0) logger.info({ migrations: applied }, "migrated the database");
  const database = openDatabase({ url: databaseUrl, poolSize: config.databasePoolSize, models: MODELS });
  closers.push(() => database.close());
  // What the playground is called in Redis: not the tape's epoch, which a restore changes while instances run.
  const playground = await readIdentity(database);
  const readSharedHead = sharedHeadReader(() => readHead(database));

  const redis =
    config.redisUrl === undefined ? undefined : connectRedis(config.redisUrl, config.redisCluster, logger);
  if (redis !== undefined) closers.push(() => redis.close());
  const cache =
    redis === undefined ? undefined : answerCache(redis.commands, config.cacheTtlSeconds, playground);
  const answers = cachedAnswers(readSharedHead, cache);

  const hub = new Hub();
  const live = new LiveValues();
  // The stream needs the follower, and what the follower and the appender find goes out through the stream.
  let stream: Stream | undefined;
  let leaderboard: Leaderboard | undefined;
  const follower = await Follower.start({
    database,
    memoryBytes: config.tapeMemoryMb * 1024 * 1024,
    onEntries(entries) {
      hub.deliver(entries);
      leaderboard?.take(entries);
    },
    onEpochChange(head) {
      stream?.resetAll(head);
      leaderboard?.startAnew();
    },
    headCheckMs: () => (stream?.isHearing() === true ? HEAD_CHECK_MS : HEAD_CHECK_ALONE_MS),
    onError: (error) => logger.warn({ err: error }, "the tape cannot be read; trying again"),
  });
  closers.push(() => follower.stop());
  const appender = new Appender({
    database,
    maxQueuedRows: config.tapeQueueRows,
    onCommit: ({ entries, epoch }) => {
      follower.offer(entries, epoch);
      stream?.announceBatch(entries, epoch);
    },
  });

  const market = await startMarket({
    config,
    database,
    redis,
    live: {
      publish(event, key, text) {
        live.publish(event, key, text);
        leaderboard?.pricesChanged();
      },
    },
    announce: (text) => stream?.announcePrices(text),
    playground,
    logger,
  });
  closers.push(() => market.stop());

  const scores = startLeaderboard({
    database,
    follower,
    readHead: readSharedHead,
    prices: market.prices,
    live,
    logger,
  });
  leaderboard = scores;
  closers.push(() => scores.stop());

  const errorLog = createErrorLog({ redis: redis?.commands, playground });
  const news = startNews({
    feeds: config.newsFeeds,
    allowLoopback: config.newsAllowLoopback,
    redis: redis?.commands,
    playground,
    live,
    logger,
    errorLog,
  });
  closers.push(() => news.stop());

  const accounts = await openAccounts({
    settings: config,
    database,
    redis: redis?.commands,
    playground,
    logger,
  });
  closers.push(() => accounts.stop());
  const refuseMore = scores.limitModels(config.maxModels);
  const mayWrite: WriteGuard = (request, models) => {
    // Where anyone may write no account stands for the names, so all of them together are bounded.
    if (config.auth === "open") refuseMore(models);
    return accounts.mayWrite(request, models);
  };

  const app = createApp(config.trustProxy);
  const http = createHttpServer(app, { unreadMs: config.unreadSeconds * 1000 });
  const seal = await openSeal(() => madeSecret(database, "messages"));
  const opened = openStream({
    http,
    playground,
    redis,
    seal,
    logger,
    database,
    follower,
    readHead: readSharedHead,
    hub,
    live,
    onPrices: (text) => market.learn(text),
    doorkeeper: accounts.doorkeeper,
  });
  stream = opened;

  let stopping = false;
  const isMigrated = migrationCheck(database);
  const readiness = async (): Promise<Readiness> => {
    const postgres = await readSharedHead().then(
      () => "up" as const,
      () => "down" as const,
    );
    const redisState = redis === undefined ? "off" : redis.isReady() ? "up" : "down";
    const degraded = redisState === "down";
    const migrations = (await isMigrated()) ? ("up" as const) : ("down" as const);
    const ready = postgres === "up" && migrations === "up" && !stopping;
    return { ready, degraded, checks: { postgres, migrations, redis: redisState } };
  };
  const metrics = createMetrics({
    tape_cursor: { help: "Seq up to which this instance has delivered", read: () => follower.cursor },
    tape_queued_rows: { help: "Rows that wait for their commit", read: () => appender.queuedRows },
    stream_clients: { help: "Connected stream clients", read: () => opened.clients() },
    stream_cut_off_total: { help: "Clients cut off for reading too slowly", read: () => opened.cutOff() },
    messages_refused_total: {
      help: "Messages between instances whose seal was not this playground's",
      read: () => seal.refused,
    },
    stream_behind: { help: "Clients that read live values too slowly now", read: () => live.behind() },
    ...market.gauges,
    ...scores.gauges,
  });

  accounts.guardRoutes(app);
  accounts.routes(app);
  tradeRoutes(app, { database, appender, answers, mayWrite, exports: config });
  portfolioRoutes(app, {
    database,
    appender,
    answers,
    prices: market.prices,
    maxPositions: config.maxPositionsPerPortfolio,
    mayWrite,
  });
  sentimentRoutes(app, { database, appender, mayWrite });
  scores.routes(app);
  market.routes(app);
  news.routes(app);
  streamRoutes(app, { database, readHead: readSharedHead, stream: opened });
  operationsRoutes(app, { readiness, metrics, openApi: buildOpenApi() });
  adminRoutes(app, {
    errorLog,
    status: async () => ({
      ...(await readiness()),
      uptime_seconds: Math.round(process.uptime()),
      tape: { cursor: follower.cursor, queued_rows: appender.queuedRows, epoch: follower.epoch },
      stream: { clients: opened.clients(), cut_off: opened.cutOff() },
      timestamp: new Date().toISOString(),
    }),
    clearCache: async () => (await cache?.clear()) ?? 0,
  });
  pageRoutes(app);
  finishApp(app, logger, (failure) => errorLog.record(failure));

  const stopRetention = startRetention({
    database,
    tapeDays: config.tapeRetentionDays,
    keyDays: config.idempotencyKeyDays,
    onTrimmed: (deleted) => logger.info({ deleted }, "trimmed the tape"),
    onError: (error) => {
      logger.warn({ err: error }, "the tape could not be trimmed; trying again later");
      errorLog.record({ level: "warn", job: "tape retention", error });
    },
  });
  closers.push(stopRetention);
  await listen(http, config);
  const { port } = http.address() as AddressInfo;

  return {
    url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    ...(embedded !== undefined && { dataDir: embedded.dataDir }),
    routes: () => routesOf(app),
    async stop() {
      // In this order, so that whoever is told to go elsewhere can, and whoever waits for an answer gets it.
      stopping = true;
      await runAll([
        () => endConnectionsAfterAnswers(http),
        () => sleep(config.shutdownDrainMs),
        () => opened.close(RETRY_MS),
        // Whoever waits for a look at the feeds gets the answer that there is.
        () => news.stop(),
        () => closeHttp(http),
        () => appender.flush(),
        ...closers.reverse(),
      ]);
    },
  };
}

async function startEmbedded(config: Config, logger: Logger): Promise<EmbeddedPostgres> {
  return await startEmbeddedPostgres({ dataDir: config.dataDir, log: (line) => logger.info(line) });
}
