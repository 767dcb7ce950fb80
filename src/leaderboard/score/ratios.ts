import { toText } from "../../contracts/units.ts";
import type { Curve } from "./curve.ts";
import { sumReturns } from "./daily-returns.ts";
import type { Fall } from "./fall.ts";

/** Significant digits of what cannot be exact: quotients and square roots, rounded half away from zero. */
const RATIO_DIGITS = 20;
const DAYS_A_YEAR = 365n;
/** Doubles know about so many digits of a root: each step of Newton's doubles them. */
const ROOT_STEPS = 3;

/**
 * a ÷ b, rounded to 20 significant digits, without an exponent; null where b is 0. In whole numbers: a board has
 * thousands of them.
 */
export function ratio(a: bigint, b: bigint): string | null {
  if (b === 0n) return null;
  const isNegative = a < 0n !== b < 0n;
  const [top, bottom] = [abs(a), abs(b)];
  // One digit more than is shown, at least: what follows it never changes which way half is rounded.
  const decimals = RATIO_DIGITS + 1 + length(bottom) - length(top);
  return rounded(
    decimals < 0 ? top / (bottom * tenTo(-decimals)) : (top * tenTo(decimals)) / bottom,
    decimals,
    isNegative,
  );
}

/** 100 · a ÷ b, as `ratio`. */
export const percentage = (a: bigint, b: bigint): string | null => ratio(a * 100n, b);

/**
 * The deepest fall from a peak in percent of that peak, as a positive number. Null where the value was never above 0, so
 * that there was nothing to fall from.
 */
export function maxDrawdown({ peak, worstPeak, worstTrough }: Fall): string | null {
  return peak <= 0n ? null : percentage(worstPeak - worstTrough, worstPeak);
}

/**
 * Sharpe ratio of daily (UTC) returns of ledger equity, risk-free rate 0, a year of 365 days: mean ÷ sample standard
 * deviation × √365. With n days, S = Σr and Q = Σr² that is ± √(365 (n − 1) S² ÷ (n (nQ − S²))), with the sign of S.
 * Null under two days, where all returns are equal, and where a day began with an equity of 0 or less.
 */
export function sharpe(curve: Curve): string | null {
  const sums = sumReturns(curve.returns, curve.equity);
  if (sums === undefined || sums.days < 2) return null;
  const { sum, squares } = sums;
  const days = BigInt(sums.days);
  const spread = days * squares - sum * sum;
  if (spread <= 0n) return null;
  const top = DAYS_A_YEAR * (days - 1n) * sum * sum;
  const bottom = days * spread;
  const decimals = RATIO_DIGITS + 2 + Math.ceil(Math.max(0, length(bottom) - length(top)) / 2);
  return rounded(root((top * tenTo(2 * decimals)) / bottom), decimals, sum < 0n);
}

/** @param value in 10^-decimals, cut off there; has more digits than are shown, or all that there are. */
function rounded(value: bigint, decimals: number, isNegative: boolean): string {
  const left = Math.max(0, length(value) - RATIO_DIGITS);
  const unit = tenTo(left);
  const digits = ((value + unit / 2n) / unit) * unit;
  const text = decimals > 0 ? toText(digits, decimals) : String(digits * tenTo(-decimals));
  return isNegative && digits !== 0n ? `-${text}` : text;
}

/** The whole part of a square root. */
function root(value: bigint): bigint {
  if (value === 0n) return 0n;
  const shift = Math.max(0, length(value) - 30) >> 1;
  let guess = BigInt(Math.floor(Math.sqrt(Number(value / tenTo(2 * shift))))) * tenTo(shift);
  if (guess === 0n) guess = 1n;
  for (let step = 0; step < ROOT_STEPS; step++) guess = (guess + value / guess) / 2n;
  while (guess * guess > value) guess--;
  while ((guess + 1n) * (guess + 1n) <= value) guess++;
  return guess;
}

const powers: bigint[] = [];
function tenTo(exponent: number): bigint {
  if (exponent > 400) return 10n ** BigInt(exponent);
  powers[exponent] ??= 10n ** BigInt(exponent);
  return powers[exponent];
}

const abs = (value: bigint) => (value < 0n ? -value : value);
/** Decimal digits of a value that is not negative; of 0 it is 1. */
const length = (value: bigint) => String(value).length;
