import type { Units } from "../../contracts/units.ts";

const DAY_MS = 86_400_000;
/** A day's return is kept as a whole number of 10⁻³⁰: so finely rounded once, their sums are exact. */
const RETURN_SCALE = 10n ** 30n;

/** The daily (UTC) returns of a ledger, added up: every day but the one that is still open. */
export interface DailyReturns {
  /** The first and the open day, in days since 1970; null before the first trade. */
  firstDay: number | null;
  day: number | null;
  /** Equity at the end of the day before the open one. */
  open: Units;
  /** Σ return and Σ return² of the closed days, in 10⁻³⁰ and 10⁻⁶⁰. */
  sum: bigint;
  squares: bigint;
  /** False once a day began with an equity of 0 or less: a return on that means nothing. */
  defined: boolean;
}

/** What a Sharpe ratio is worked out from. */
export interface ReturnSums {
  /** Calendar days from the first to the last trade's; a day without a trade has the return 0. */
  days: number;
  sum: bigint;
  squares: bigint;
}

/** @param start the equity on which the first day's return is earned. */
export function noReturns(start: Units): DailyReturns {
  return { firstDay: null, day: null, open: start, sum: 0n, squares: 0n, defined: true };
}

/**
 * Goes on to the day of a trade, closing the day before it.
 * @param time Unix milliseconds, not before the last trade's.
 * @param equity before the trade.
 */
export function openDay(returns: DailyReturns, time: number, equity: Units): void {
  const day = Math.floor(time / DAY_MS);
  if (returns.day === day) return;
  if (returns.day === null) returns.firstDay = day;
  else {
    addReturn(returns, returns.open, equity);
    returns.open = equity;
  }
  returns.day = day;
}

/** The sums with the open day closed at `equity`; undefined where there is no trade or a return is not defined. */
export function sumReturns(returns: DailyReturns, equity: Units): ReturnSums | undefined {
  if (returns.firstDay === null || returns.day === null) return undefined;
  const closed = { ...returns };
  addReturn(closed, returns.open, equity);
  if (!closed.defined) return undefined;
  return { days: returns.day - returns.firstDay + 1, sum: closed.sum, squares: closed.squares };
}

function addReturn(returns: DailyReturns, open: Units, close: Units): void {
  if (open <= 0n) {
    returns.defined = false;
    return;
  }
  const dayReturn = divideRounded((close - open) * RETURN_SCALE, open);
  returns.sum += dayReturn;
  returns.squares += dayReturn * dayReturn;
}

/** a ÷ b for b > 0, half away from zero. */
function divideRounded(a: bigint, b: bigint): bigint {
  const half = b / 2n;
  return (a < 0n ? a - half : a + half) / b;
}
