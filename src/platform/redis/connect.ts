import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { Logger } from "../logger.ts";

export type RedisClient = Redis | Cluster;

// With the mapping of replies left out the clients have one type, whatever they were opened with.
type Options = Omit<RedisOptions, "replyMapping">;

const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 3_000;
const SLOTS_REFRESH_MS = 1_000;
const RESUBSCRIBE_MS = 250;

export interface RedisConnections {
  /** For cached answers and live values: fails at once instead of queueing while Redis is away. */
  commands: RedisClient;
  publisher: RedisClient;
  /** Waits for Redis however long it is away, and subscribes again by itself. */
  subscriber: RedisClient;
  isCluster: boolean;
  isReady(): boolean;
  close(): Promise<void>;
}

/** Opens the three connections; none of them needs Redis to be there now. */
export function connectRedis(url: string, isCluster: boolean, logger: Logger): RedisConnections {
  const fast: Options = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableAutoPipelining: true,
  };
  const patient: Options = { maxRetriesPerRequest: null };
  const commands = open(url, isCluster, fast);
  const publisher = open(url, isCluster, { ...fast, enableAutoPipelining: false });
  const subscriber = open(url, isCluster, patient);
  if (isCluster) keepSubscribing(subscriber);
  const all = { commands, publisher, subscriber };
  for (const [name, client] of Object.entries(all)) logState(name, client, logger);
  return {
    ...all,
    isCluster,
    isReady: () => publisher.status === "ready" && subscriber.status === "ready",
    async close() {
      for (const client of Object.values(all)) client.disconnect();
    },
  };
}

function open(url: string, isCluster: boolean, options: Options): RedisClient {
  const common: Options = {
    ...options,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 5_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
  };
  if (!isCluster) return new Redis(url, common);
  const { hostname, port, username, password, protocol } = new URL(url);
  return new Cluster([{ host: hostname, port: Number(port || 6379) }], {
    enableOfflineQueue: options.enableOfflineQueue ?? true,
    // A channel belongs to the node that has its slot, and is listened to there: a connection of its own to each of them.
    shardedSubscribers: options.enableOfflineQueue ?? true,
    // Who only listens is told of no move, so it has to look.
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    clusterRetryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
    redisOptions: {
      ...common,
      ...(username !== "" && { username: decodeURIComponent(username) }),
      ...(password !== "" && { password: decodeURIComponent(password) }),
      ...(protocol === "rediss:" && { tls: {} }),
    },
  });
}

/**
 * A subscription to a cluster's channel may be refused while the slot is on its way, or nobody has it: it is tried again
 * until it is there. Nobody else waits for these promises, so they must not be rejected either.
 */
function keepSubscribing(subscriber: RedisClient): void {
  const original = subscriber.ssubscribe.bind(subscriber) as (...channels: unknown[]) => Promise<unknown>;
  const left = subscriber.sunsubscribe.bind(subscriber) as (...channels: unknown[]) => Promise<unknown>;
  const ssubscribe = async (...channels: unknown[]): Promise<unknown> => {
    for (;;) {
      try {
        return await original(...channels);
      } catch {
        if (subscriber.status === "end") return undefined;
        // What it remembers of a refused one would be there twice.
        await left(...channels).catch(() => {});
        await sleep(RESUBSCRIBE_MS, undefined, { ref: false });
      }
    }
  };
  const sunsubscribe = (...channels: unknown[]) => left(...channels).catch(() => undefined);
  Object.assign(subscriber, { ssubscribe, sunsubscribe });
}

/** One line when Redis goes and one when it comes back; a dead Redis would otherwise log every retry. */
function logState(name: string, client: RedisClient, logger: Logger): void {
  let reachable: boolean | undefined;
  client.on("error", (error: Error) => {
    if (reachable === false) return;
    reachable = false;
    logger.warn({ connection: name, reason: error.message }, "Redis is out of reach; going on without it");
  });
  client.on("ready", () => {
    if (reachable === false) logger.info({ connection: name }, "Redis is back");
    reachable = true;
  });
}
