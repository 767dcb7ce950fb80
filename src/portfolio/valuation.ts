import { Decimal } from "decimal.js";
import { PRICE_STALE_MS, type Quote } from "../contracts/market.ts";
import type { Position } from "../contracts/portfolio.ts";

/** The newest price of each symbol, as valuations need it. */
export interface PriceBook {
  get(symbol: string): Quote | undefined;
  all(): Quote[];
}

// 20 digits before and 18 after the point, multiplied and summed, stay exact.
const Exact = Decimal.clone({ precision: 120, toExpNeg: -1e9, toExpPos: 1e9 });

export interface Valuation {
  /** Quote currency, canonical decimal. */
  equity: string;
  unrealized_pnl: string;
  /** Time of the oldest price used, ISO 8601; null where none was. */
  priced_at: string | null;
  stale: boolean;
}

/**
 * Reported equity = balance + Σ qty × (live price − avg_price); a position without a price counts as 0.
 * @param now Unix milliseconds.
 */
export function valuate(
  balance: string,
  positions: readonly Position[],
  prices: PriceBook,
  now = Date.now(),
): Valuation {
  let unrealized = new Exact(0);
  let oldest = Number.POSITIVE_INFINITY;
  let missing = false;
  for (const position of positions) {
    const quote = prices.get(position.symbol);
    if (quote === undefined) {
      missing = true;
      continue;
    }
    unrealized = unrealized.plus(new Exact(quote.price).minus(position.avg_price).times(position.qty));
    oldest = Math.min(oldest, quote.time);
  }
  return {
    equity: new Exact(balance).plus(unrealized).toString(),
    unrealized_pnl: unrealized.toString(),
    priced_at: Number.isFinite(oldest) ? new Date(oldest).toISOString() : null,
    stale: missing || now - oldest > PRICE_STALE_MS,
  };
}
