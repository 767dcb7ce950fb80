import type { RedisClient } from "./connect.ts";

const PAUSE_MS = 500;

export interface AnswerCache {
  /** The cached text, or what `load` gives, stored for next time. Redis being away only costs the saving. */
  get(key: string, load: () => Promise<string>): Promise<string>;
  /** Forgets all cached answers. @returns how many there were. @throws where Redis is away. */
  clear(): Promise<number>;
  /** Whether it is worth asking now. */
  isUp(): boolean;
}

/**
 * A read-through cache in Redis. Keys must carry the version of what they hold, so nothing is ever deleted to stay right.
 * Callers of one key at one moment share one look-up.
 */
export function answerCache(client: RedisClient, ttlSeconds: number, playground: string): AnswerCache {
  const prefix = `tp:answer:${playground}:`;
  const inFlight = new Map<string, Promise<string>>();
  let pausedUntil = 0;
  // After a time-out Redis is left alone for a moment: otherwise every answer would wait for it in turn.
  const pause = () => {
    pausedUntil = Date.now() + PAUSE_MS;
  };
  const isUp = () => client.status === "ready" && Date.now() >= pausedUntil;

  async function lookUp(key: string, load: () => Promise<string>): Promise<string> {
    try {
      const cached = await client.get(prefix + key);
      if (cached !== null) return cached;
    } catch {
      pause();
      return await load();
    }
    const text = await load();
    // Jitter spreads the expiry of answers that were stored together.
    const ttl = Math.ceil(ttlSeconds * (0.8 + Math.random() * 0.4));
    client.set(prefix + key, text, "EX", ttl).catch(pause);
    return text;
  }

  return {
    isUp,
    get(key, load) {
      if (!isUp()) return load();
      const shared = inFlight.get(key);
      if (shared !== undefined) return shared;
      const mine = lookUp(key, load).finally(() => inFlight.delete(key));
      inFlight.set(key, mine);
      return mine;
    },
    async clear() {
      let cleared = 0;
      for (const node of "nodes" in client ? client.nodes("master") : [client]) {
        const keys = node.scanStream({ match: `${prefix}*`, count: 500 });
        for await (const batch of keys as AsyncIterable<string[]>) {
          // One by one in a pipeline: in a cluster the keys of a batch live in different slots.
          await Promise.all(batch.map((key) => client.unlink(key)));
          cleared += batch.length;
        }
      }
      return cleared;
    },
  };
}
