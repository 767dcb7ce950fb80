import { createHash } from "node:crypto";
import { createLimiter } from "../platform/limiter.ts";
import type { RedisClient } from "../platform/redis/connect.ts";

const GUESSES_PER_ACCOUNT = 10;
const ACCOUNT_SECONDS = 15 * 60;
const ACCOUNTS_PER_ADDRESS = 10;
const ADDRESS_SECONDS = 60;
const REDIS_ATTEMPTS = 3;
const SENTENCE = "Too many wrong logins; try again later.";

/**
 * Bounds how often passwords are looked at: ten wrong ones for an account in a quarter of an hour, wherever they come
 * from, and from one address for at most ten accounts in a minute.
 */
export interface LoginThrottle {
  /**
   * Counts a guess before it is looked at.
   * @returns what to call once the guess turned out right: it then counts for nothing.
   * @throws AppError 429, and then it must not be looked at.
   */
  take(email: string, address: string): Promise<() => Promise<void>>;
}

export function createLoginThrottle(redis: RedisClient | undefined, playground: string): LoginThrottle {
  const limiter = (name: string, points: number, seconds: number) =>
    createLimiter({ name, points, seconds, redis, playground, attempts: REDIS_ATTEMPTS, sentence: SENTENCE });
  const accounts = limiter("login", GUESSES_PER_ACCOUNT, ACCOUNT_SECONDS);
  const addresses = limiter("login-address", ACCOUNTS_PER_ADDRESS, ADDRESS_SECONDS);
  const pairs = limiter("login-pair", Number.MAX_SAFE_INTEGER, ADDRESS_SECONDS);

  return {
    async take(email, address) {
      const account = nameOf(email);
      // Before anything is written down: a flood of made-up accounts leaves nothing behind.
      await addresses.check(address);
      const { points } = await pairs.take(`${address} ${account}`);
      const isFirst = points === 1;
      if (isFirst) await addresses.take(address);
      await accounts.take(account);
      return async () => {
        await accounts.clear(account);
        // Only what this very guess took: whoever signs in many times at once must not gain guesses by it.
        if (isFirst) await Promise.all([pairs.clear(`${address} ${account}`), addresses.giveBack(address)]);
      };
    },
  };
}

/** Redis need not show who has an account here. */
function nameOf(email: string): string {
  return createHash("sha256").update(email).digest("base64url").slice(0, 22);
}
