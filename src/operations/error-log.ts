import { randomUUID } from "node:crypto";
import { type ErrorEntry, errorEntry } from "../contracts/admin.ts";
import type { RedisClient } from "../platform/redis/connect.ts";
import { cleanMessage, describeError } from "./describe-error.ts";

/** What failed. One of `error` and `message` tells why; an error's text is cleaned of data and secrets. */
export interface Failure {
  level?: "warn" | "error" | undefined;
  error?: unknown;
  message?: string | undefined;
  code?: string | undefined;
  /** As `METHOD /path/:parameter`, never with what a client filled in. */
  route?: string | undefined;
  status?: number | undefined;
  job?: string | undefined;
  requestId?: string | undefined;
}

export interface ErrorLog {
  /** Never throws and never waits. */
  record(failure: Failure): void;
  /** The newest 200 of the last seven days, newest first, of all instances where Redis is there. */
  read(): Promise<ErrorEntry[]>;
}

const MAX_ENTRIES = 200;
const KEEP_MS = 7 * 24 * 3_600_000;
const PAUSE_MS = 500;

/**
 * The log of what went wrong, shared through Redis. What Redis could not take waits in memory, bounded, and is handed
 * over with the next entry, or when somebody reads.
 */
export function createErrorLog({
  redis,
  playground,
}: {
  redis?: RedisClient | undefined;
  playground: string;
}): ErrorLog {
  const key = `tp:errors:${playground}`;
  let waiting: ErrorEntry[] = [];
  let handingOver: Promise<void> | undefined;
  let pausedUntil = 0;
  const isUp = () => redis?.status === "ready" && Date.now() >= pausedUntil;

  // While one batch is on its way the next one gathers, so that a storm of errors is no storm on Redis.
  async function handOver(client: RedisClient): Promise<void> {
    while (waiting.length > 0 && isUp()) {
      const batch = waiting;
      try {
        await client.lpush(key, ...batch.map((entry) => JSON.stringify(entry)));
        waiting = waiting.filter((entry) => !batch.includes(entry));
        await client.ltrim(key, 0, MAX_ENTRIES - 1);
        await client.pexpire(key, KEEP_MS);
      } catch {
        pausedUntil = Date.now() + PAUSE_MS;
      }
    }
  }

  function startHandingOver(): Promise<void> {
    if (redis === undefined || !isUp()) return Promise.resolve();
    handingOver ??= handOver(redis).finally(() => {
      handingOver = undefined;
    });
    return handingOver;
  }

  async function readShared(): Promise<ErrorEntry[]> {
    if (redis === undefined || !isUp()) return [];
    try {
      return (await redis.lrange(key, 0, MAX_ENTRIES - 1)).flatMap(parseEntry);
    } catch {
      pausedUntil = Date.now() + PAUSE_MS;
      return [];
    }
  }

  return {
    record(failure) {
      waiting = [...waiting, entryOf(failure)].slice(-MAX_ENTRIES);
      void startHandingOver();
    },
    async read() {
      await startHandingOver();
      // An entry whose hand-over timed out may have arrived all the same, and may come twice.
      const entries = new Map(
        [...waiting.toReversed(), ...(await readShared())].map((entry) => [entry.id, entry]),
      );
      const oldest = new Date(Date.now() - KEEP_MS).toISOString();
      return [...entries.values()]
        .filter(({ time }) => time > oldest)
        .sort((a, b) => b.time.localeCompare(a.time))
        .slice(0, MAX_ENTRIES);
    },
  };
}

function entryOf({ level, error, message, code, route, status, job, requestId }: Failure): ErrorEntry {
  const described = error === undefined ? undefined : describeError(error);
  const foundCode = code ?? described?.code;
  return {
    id: randomUUID(),
    time: new Date().toISOString(),
    level: level ?? "error",
    message: cleanMessage(message ?? described?.message ?? "something failed"),
    ...(foundCode !== undefined && { code: foundCode }),
    ...(route !== undefined && { route: route.slice(0, 200) }),
    ...(status !== undefined && { status }),
    ...(job !== undefined && { job }),
    ...(requestId !== undefined && { request_id: requestId.slice(0, 100) }),
  };
}

function parseEntry(text: string): ErrorEntry[] {
  try {
    const entry = errorEntry.safeParse(JSON.parse(text)).data;
    return entry === undefined ? [] : [entry];
  } catch {
    return [];
  }
}
