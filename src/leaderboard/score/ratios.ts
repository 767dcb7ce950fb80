import { Decimal } from "decimal.js";
import { toText } from "../../contracts/units.ts";
import type { Curve } from "./curve.ts";
import { sumReturns } from "./daily-returns.ts";
import type { Fall } from "./fall.ts";

/** Significant digits of what cannot be exact: quotients and square roots, rounded half away from zero. */
const RATIO_DIGITS = 20;
const DAYS_A_YEAR = 365;

/** Sums and products of the contract's decimals (20 digits before and 18 after the point) stay exact in this. */
export const Exact = Decimal.clone({ precision: 120, toExpNeg: -1e9, toExpPos: 1e9 });
const Rounding = Decimal.clone({ precision: 60, toExpNeg: -1e9, toExpPos: 1e9 });

type Value = Decimal.Value;

/** a ÷ b, rounded to 20 significant digits, without an exponent; null where b is 0. */
export function ratio(a: Value, b: Value): string | null {
  return new Rounding(b).isZero() ? null : digits(new Rounding(a).div(b));
}

/** 100 · a ÷ b, as `ratio`. */
export function percentage(a: Value, b: Value): string | null {
  return ratio(new Exact(a).times(100), b);
}

/** @param decimals how many digits of it stand after the point. */
export const exactOf = (units: bigint, decimals = 18): Decimal => new Exact(toText(units, decimals));

/**
 * The deepest fall from a peak in percent of that peak, as a positive number. Null where the value was never above 0, so
 * that there was nothing to fall from.
 */
export function maxDrawdown({ peak, worstPeak, worstTrough }: Fall): string | null {
  if (peak <= 0n) return null;
  return percentage(String(worstPeak - worstTrough), String(worstPeak));
}

/**
 * Sharpe ratio of daily (UTC) returns of ledger equity, risk-free rate 0, a year of 365 days: mean ÷ sample standard
 * deviation × √365. With n days, S = Σr and Q = Σr² that is S · √(365 (n − 1) ÷ n) ÷ √(nQ − S²).
 * Null under two days, where all returns are equal, and where a day began with an equity of 0 or less.
 */
export function sharpe(curve: Curve): string | null {
  const sums = sumReturns(curve.returns, curve.equity);
  if (sums === undefined || sums.days < 2) return null;
  const { days, sum, squares } = sums;
  const spread = BigInt(days) * squares - sum * sum;
  if (spread <= 0n) return null;
  const deviation = new Rounding(String(spread)).sqrt();
  const yearly = new Rounding(DAYS_A_YEAR * (days - 1)).div(days).sqrt();
  return digits(new Rounding(String(sum)).times(yearly).div(deviation));
}

function digits(value: Decimal): string {
  return value.toSignificantDigits(RATIO_DIGITS, Decimal.ROUND_HALF_UP).toString();
}
