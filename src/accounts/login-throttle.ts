import { createHash } from "node:crypto";
import { createLimiter } from "../platform/limiter.ts";
import type { RedisClient } from "../platform/redis/connect.ts";

const GUESSES_PER_ACCOUNT = 10;
const ACCOUNT_SECONDS = 15 * 60;
const ACCOUNTS_PER_ADDRESS = 10;
const ADDRESS_SECONDS = 60;
const REDIS_ATTEMPTS = 3;
const SENTENCE = "Too many wrong logins; try again later.";

/** What is to be told of a guess that was counted. A wrong one needs nothing more. */
export interface Guess {
  /** It was right: it counts for nothing, and those before it are forgotten. */
  right(): Promise<void>;
  /** Nobody looked at it: it counts for nothing. */
  unseen(): Promise<void>;
}

/**
 * Bounds how often passwords are looked at: ten wrong ones for an account in a quarter of an hour, wherever they come
 * from, and from one address for at most ten accounts in a minute; and of all, right ones too, so many in a minute of one
 * account and of one address.
 */
export interface LoginThrottle {
  /** Counts a guess before it is looked at. @throws AppError 429, and then it must not be looked at. */
  take(email: string, address: string): Promise<Guess>;
}

export interface LoginThrottleOptions {
  /** Absent: this instance counts alone. */
  redis: RedisClient | undefined;
  playground: string;
  /** Passwords, right and wrong, of an account and of an address. */
  loginsPerMinute: number;
}

export function createLoginThrottle({
  redis,
  playground,
  loginsPerMinute,
}: LoginThrottleOptions): LoginThrottle {
  const limiter = (name: string, points: number, seconds: number, sentence = SENTENCE) =>
    createLimiter({ name, points, seconds, redis, playground, attempts: REDIS_ATTEMPTS, sentence });
  const accounts = limiter("login", GUESSES_PER_ACCOUNT, ACCOUNT_SECONDS);
  const addresses = limiter("login-address", ACCOUNTS_PER_ADDRESS, ADDRESS_SECONDS);
  const pairs = limiter("login-pair", Number.MAX_SAFE_INTEGER, ADDRESS_SECONDS);
  const tooMany = `More than ${loginsPerMinute} logins a minute (RATE_LIMIT_LOGINS_PER_MINUTE); try again later.`;
  const all = limiter("logins", loginsPerMinute, 60, tooMany);

  return {
    async take(email, address) {
      const account = nameOf(email);
      const pair = `${address} ${account}`;
      // Before anything is written down: a flood of made-up accounts leaves nothing behind.
      await addresses.check(address);
      const { points } = await pairs.take(pair);
      const isFirst = points === 1;
      // Only what this very guess took: whoever signs in many times at once must not gain guesses by it.
      const forgetAddress = async () => {
        if (isFirst) await Promise.all([pairs.clear(pair), addresses.giveBack(address)]);
      };
      if (isFirst) await addresses.take(address);
      await accounts.take(account);
      const guess: Guess = {
        right: async () => void (await Promise.all([accounts.clear(account), forgetAddress()])),
        unseen: async () => void (await Promise.all([accounts.giveBack(account), forgetAddress()])),
      };
      try {
        await all.take(`account ${account}`);
        await all.take(`address ${address}`);
      } catch (error) {
        await guess.unseen();
        throw error;
      }
      return guess;
    },
  };
}

/** Redis need not show who has an account here. */
function nameOf(email: string): string {
  return createHash("sha256").update(email).digest("base64url").slice(0, 22);
}
