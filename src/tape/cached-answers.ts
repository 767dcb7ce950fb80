import type { AnswerCache } from "../platform/redis/answer-cache.ts";
import type { Head } from "./head.ts";
import type { Subject } from "./kinds.ts";

/** Answers of GET requests, cached under the version of their subject. */
export interface CachedAnswers {
  get(subject: Subject, key: string, load: () => Promise<string>): Promise<string>;
}

/**
 * The version is the subject's last seq on the head row, read after the request arrived: whoever got a 2xx for a write
 * before asking finds a version at least as new, on every instance, whatever Redis holds.
 */
export function cachedAnswers(
  readSharedHead: () => Promise<Head>,
  cache: AnswerCache | undefined,
): CachedAnswers {
  return {
    async get(subject, key, load) {
      if (cache === undefined || !cache.isUp()) return await load();
      const head = await readSharedHead();
      return await cache.get(`${head.epoch}:${subject}:${head[subject]}:${key}`, load);
    },
  };
}
