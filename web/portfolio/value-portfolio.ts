import { isStale } from "../board/stale.ts";
import type { Portfolio, Position, Price } from "../client/index.ts";

/** A position with what it is worth now; both undefined where the symbol has no price. */
export interface ValuedPosition extends Position {
  price: number | undefined;
  /** qty × (price − avg_price), quote currency. */
  unrealized: number | undefined;
}

export interface Valuation {
  /** Quote currency. */
  equity: number;
  unrealized: number;
  positions: ValuedPosition[];
  /** A price is missing or older than 60 s. */
  stale: boolean;
}

/**
 * Reported equity = balance + Σ qty × (price − avg_price), a position without a price counting as 0: the service's own
 * rule, here for figures that follow each price. In binary floating point, for the eye alone.
 * @param now the service's time, Unix milliseconds.
 */
export function valuePortfolio(
  { balance, positions }: Portfolio,
  priceOf: (symbol: string) => Price | undefined,
  now: number,
): Valuation {
  let unrealized = 0;
  let stale = false;
  const valued = positions.map((position) => {
    const quote = priceOf(position.symbol);
    if (quote === undefined || isStale(quote, now)) stale = true;
    if (quote === undefined) return { ...position, price: undefined, unrealized: undefined };
    const gain = position.qty * (quote.price - position.avg_price);
    unrealized += gain;
    return { ...position, price: quote.price, unrealized: gain };
  });
  return { equity: balance + unrealized, unrealized, positions: valued, stale };
}
