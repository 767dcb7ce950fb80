/**
 * Prices and volumes as whole numbers of 10⁻¹⁸, the finest the contract knows: sums are exact, and comparing costs
 * next to nothing.
 */
export type Units = bigint;

const DECIMALS = 18;
const PERCENT_DECIMALS = 6;

/** How many digits after the point a product of two decimals has at most. */
export const PRODUCT_DECIMALS = 2 * DECIMALS;
/** So many units of a product, 10⁻³⁶, make one of a decimal. */
export const TO_PRODUCTS = 10n ** BigInt(DECIMALS);

/**
 * @param text a decimal without an exponent.
 * @param decimals of how many digits after the point a unit is the last one; the text has no more.
 */
export function toUnits(text: string, decimals = DECIMALS): bigint {
  const point = text.indexOf(".");
  if (point < 0) return BigInt(text + "0".repeat(decimals));
  return BigInt(text.slice(0, point) + text.slice(point + 1).padEnd(decimals, "0"));
}

/** @returns the canonical decimal. */
export function toText(units: bigint, decimals = DECIMALS): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, -decimals);
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** How far `to` lies above `from`, in percent, rounded half away from zero to six decimals. */
export function percentChange(from: Units, to: Units): Units {
  const step = 10n ** BigInt(DECIMALS - PERCENT_DECIMALS);
  const scaled = (to - from) * 100n * 10n ** BigInt(PERCENT_DECIMALS);
  const half = scaled < 0n ? -from / 2n : from / 2n;
  return ((scaled + half) / from) * step;
}
