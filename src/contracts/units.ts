/**
 * Prices and volumes as whole numbers of 10⁻¹⁸, the finest the contract knows: sums are exact, and comparing costs
 * next to nothing.
 */
export type Units = bigint;

const DECIMALS = 18;
const ONE = 10n ** BigInt(DECIMALS);
const PERCENT_DECIMALS = 6;

/** @param text a canonical decimal, at most 18 digits after the point. */
export function toUnits(text: string): Units {
  const point = text.indexOf(".");
  if (point < 0) return BigInt(text) * ONE;
  return BigInt(text.slice(0, point) + text.slice(point + 1).padEnd(DECIMALS, "0"));
}

/** @returns the canonical decimal. */
export function toText(units: Units): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(DECIMALS + 1, "0");
  const whole = digits.slice(0, -DECIMALS);
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** How far `to` lies above `from`, in percent, rounded half away from zero to six decimals. */
export function percentChange(from: Units, to: Units): Units {
  const step = 10n ** BigInt(DECIMALS - PERCENT_DECIMALS);
  const scaled = (to - from) * 100n * 10n ** BigInt(PERCENT_DECIMALS);
  const half = scaled < 0n ? -from / 2n : from / 2n;
  return ((scaled + half) / from) * step;
}
