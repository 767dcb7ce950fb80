import { createHash, randomUUID } from "node:crypto";
import type { z } from "../contracts/zod.ts";
import type { RedisClient } from "../platform/redis/connect.ts";
import {
  type FeedContent,
  type FeedRecord,
  type FeedStamp,
  feedContent,
  feedStamp,
  KEEP_MS,
} from "./feed-record.ts";

/** What the instances share of the news. Where Redis is away each goes on with what it has. */
export interface NewsStore {
  /** The stamps of the feeds, by address; empty where Redis is away. */
  stamps(): Promise<Map<string, FeedStamp>>;
  content(feed: string): Promise<FeedContent | undefined>;
  save(feed: string, record: FeedRecord, isChanged: boolean): Promise<void>;
  /** @returns what gives the feed free again, or undefined where another instance is looking at it. */
  takeFeed(feed: string): Promise<(() => Promise<void>) | undefined>;
  /** Whether a look out of turn is due: once in `everyMs` for all instances together. */
  takeRefresh(everyMs: number): Promise<boolean>;
}

/** Longer than any look takes; an instance that dies while it looks holds the others up for no longer. */
const LOOK_MS = 45_000;
const PAUSE_MS = 500;
const RELEASE =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/** @param playground tells apart the playgrounds that share one Redis. */
export function openNewsStore(
  client: RedisClient | undefined,
  playground: string,
  feeds: readonly string[],
): NewsStore {
  const prefix = `tp:news:${playground}`;
  const idOf = (feed: string) => createHash("sha256").update(feed).digest("hex").slice(0, 16);
  let pausedUntil = 0;
  let refreshedAt = Number.NEGATIVE_INFINITY;

  // After an error Redis is left alone for a moment, so that a frozen one does not slow every answer.
  async function ask<Value>(command: (redis: RedisClient) => Promise<Value>): Promise<Value | undefined> {
    if (client?.status !== "ready" || Date.now() < pausedUntil) return undefined;
    try {
      return await command(client);
    } catch {
      pausedUntil = Date.now() + PAUSE_MS;
      return undefined;
    }
  }

  return {
    async stamps() {
      const saved = (await ask((redis) => redis.hgetall(`${prefix}:stamps`))) ?? {};
      return new Map(
        feeds.flatMap((feed) => {
          const stamp = parsed(feedStamp, saved[idOf(feed)]);
          return stamp === undefined ? [] : [[feed, stamp] as const];
        }),
      );
    },
    async content(feed) {
      return parsed(feedContent, await ask((redis) => redis.get(`${prefix}:feed:${idOf(feed)}`)));
    },
    async save(feed, { stamp, content }, isChanged) {
      const key = `${prefix}:feed:${idOf(feed)}`;
      const stamps = `${prefix}:stamps`;
      // The content before the stamp that announces it.
      if (isChanged) await ask((redis) => redis.set(key, JSON.stringify(content), "PX", KEEP_MS));
      else if (stamp.failure === null) await ask((redis) => redis.pexpire(key, KEEP_MS));
      await ask((redis) => redis.hset(stamps, { [idOf(feed)]: JSON.stringify(stamp) }));
      await ask((redis) => redis.pexpire(stamps, KEEP_MS));
    },
    async takeFeed(feed) {
      const key = `${prefix}:lock:${idOf(feed)}`;
      const token = randomUUID();
      const taken = await ask((redis) => redis.set(key, token, "PX", LOOK_MS, "NX"));
      if (taken === null) return undefined;
      return async () => {
        await ask((redis) => redis.eval(RELEASE, 1, key, token));
      };
    },
    async takeRefresh(everyMs) {
      const now = Date.now();
      if (now - refreshedAt < everyMs) return false;
      const taken = await ask((redis) => redis.set(`${prefix}:refresh`, "1", "PX", everyMs, "NX"));
      if (taken === null) return false;
      refreshedAt = now;
      return true;
    },
  };
}

/** @returns undefined for what is absent or was not written by us. */
function parsed<Schema extends z.ZodType>(
  schema: Schema,
  text: string | null | undefined,
): z.output<Schema> | undefined {
  if (text === null || text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
