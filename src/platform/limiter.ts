import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { rateLimited } from "./errors.ts";
import type { RedisClient } from "./redis/connect.ts";

const PAUSE_MS = 500;

export interface LimiterOptions {
  /** Part of the key in Redis. */
  name: string;
  points: number;
  /** How long a window is; it begins with the first point taken. */
  seconds: number;
  /** Absent: this instance counts alone. */
  redis?: RedisClient | undefined;
  /** Whose Redis keys they are, where several share one. */
  playground?: string;
  /** How often Redis is asked before this instance counts alone: more where a wrong count costs more than a wait. */
  attempts?: number;
  /** What whoever takes too many is told. */
  sentence: string;
}

export interface Taken {
  /** Points taken in this window, these included. */
  points: number;
  /** Milliseconds for which the window still runs. */
  windowMs: number;
}

/** Counts points of keys, on all instances together while Redis is there and on this one alone while it is not. */
export interface Limiter {
  /** @throws AppError 429 where the window has no more. */
  take(key: string, points?: number): Promise<Taken>;
  /** Takes nothing. @throws AppError 429 where more was taken than there is. */
  check(key: string): Promise<void>;
  giveBack(key: string): Promise<void>;
  clear(key: string): Promise<void>;
}

/** @param options.name and the keys must hold no secret: they are what Redis shows. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { name, points, seconds, redis, playground = "", attempts = 1, sentence } = options;
  const rules = { keyPrefix: `tp:limit:${playground}:${name}`, points, duration: seconds };
  const alone = new RateLimiterMemory(rules);
  const shared = redis === undefined ? undefined : new RateLimiterRedis({ ...rules, storeClient: redis });
  let pausedUntil = 0;

  async function ask<Result>(
    question: (limiter: RateLimiterMemory | RateLimiterRedis) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (shared === undefined || redis?.status !== "ready" || Date.now() < pausedUntil) break;
      try {
        return await question(shared);
      } catch (thrown) {
        if (thrown instanceof RateLimiterRes) throw thrown;
        // Each further question would wait for Redis in turn.
        if (attempt === attempts) pausedUntil = Date.now() + PAUSE_MS;
      }
    }
    return await question(alone);
  }

  return {
    async take(key, count = 1) {
      try {
        const { consumedPoints, msBeforeNext } = await ask((limiter) => limiter.consume(key, count));
        return { points: consumedPoints, windowMs: msBeforeNext };
      } catch (thrown) {
        if (thrown instanceof RateLimiterRes) throw rateLimited(sentence, thrown.msBeforeNext / 1000);
        throw thrown;
      }
    },
    async check(key) {
      const state = await ask((limiter) => limiter.get(key));
      if (state !== null && state.consumedPoints > points) {
        throw rateLimited(sentence, state.msBeforeNext / 1000);
      }
    },
    async giveBack(key) {
      await ask((limiter) => limiter.reward(key, 1));
    },
    async clear(key) {
      await ask((limiter) => limiter.delete(key));
    },
  };
}
