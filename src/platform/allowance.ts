import { AppError } from "./errors.ts";
import type { Limiter } from "./limiter.ts";

const MAX_PURSES = 10_000;

/**
 * A limit for hot paths: points are fetched from the limiter a hundredth of it at a time and spent here, so that most
 * requests ask nobody.
 */
export interface Allowance {
  /** @returns undefined where it was there at once. @throws AppError 429 */
  take(key: string): Promise<void> | undefined;
}

interface Purse {
  left: number;
  /** Unix milliseconds until which `left`, or `refusal`, holds. */
  until: number;
  refusal?: AppError | undefined;
  filling?: Promise<void> | undefined;
}

/** @param points the limiter's own number of points in a window. */
export function createAllowance(limiter: Limiter, points: number): Allowance {
  const purses = new Map<string, Purse>();
  const block = Math.max(1, Math.floor(points / 100));

  function purseOf(key: string): Purse {
    const known = purses.get(key);
    if (known !== undefined) return known;
    if (purses.size >= MAX_PURSES) {
      const [oldest] = purses.keys();
      if (oldest !== undefined) purses.delete(oldest);
    }
    const purse: Purse = { left: 0, until: 0 };
    purses.set(key, purse);
    return purse;
  }

  async function fill(key: string, purse: Purse): Promise<void> {
    try {
      const { windowMs } = await limiter.take(key, block);
      purse.left = block;
      purse.until = Date.now() + windowMs;
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      purse.refusal = thrown;
      purse.until = Date.now() + (thrown.retryAfter ?? 1) * 1000;
    }
  }

  async function takeLater(key: string, purse: Purse): Promise<void> {
    for (;;) {
      // Those who wait share one fetch; whoever finds nothing left of it fetches the next one.
      purse.filling ??= fill(key, purse).finally(() => {
        purse.filling = undefined;
      });
      await purse.filling;
      if (purse.refusal !== undefined) throw stillRefused(purse.refusal, purse.until);
      if (purse.left > 0) {
        purse.left--;
        return;
      }
    }
  }

  return {
    take(key) {
      const purse = purseOf(key);
      if (Date.now() >= purse.until) {
        purse.left = 0;
        purse.refusal = undefined;
      }
      if (purse.refusal !== undefined) return Promise.reject(stillRefused(purse.refusal, purse.until));
      if (purse.left === 0) return takeLater(key, purse);
      purse.left--;
      return undefined;
    },
  };
}

function stillRefused({ status, code, message }: AppError, until: number): AppError {
  return new AppError(status, code, message, undefined, Math.max(1, Math.ceil((until - Date.now()) / 1000)));
}
