import { Decimal } from "decimal.js";
import { canonicalDecimal } from "../../contracts/decimal.ts";

const DECIMAL_FIELDS = ["qty", "price", "pnl", "exit_price", "fee", "leverage"];
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,6})?$/i;
const MAX_LENGTH = 400;
const PLACES = 18;
const WHOLE_DIGITS = 20;

/**
 * Brings numbers that the contract would refuse for their spelling into one that it takes: an exponent is written
 * out, and what goes beyond 18 decimals is rounded half to even. What is no number, or too large, stays as it is, for
 * the contract to refuse.
 * @returns the trade itself where nothing had to be repaired.
 */
export function repairDecimals(trade: unknown): { trade: unknown; repaired: boolean } {
  if (typeof trade !== "object" || trade === null) return { trade, repaired: false };
  const fields = trade as Record<string, unknown>;
  let result = fields;
  for (const name of DECIMAL_FIELDS) {
    const value = fields[name];
    if (value === undefined || canonicalDecimal(value) !== undefined) continue;
    const repaired = plainDecimal(value);
    if (repaired !== undefined) result = { ...result, [name]: repaired };
  }
  return { trade: result, repaired: result !== fields };
}

function plainDecimal(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value);
  // Checked before any arithmetic: 1e999999 written out would fill the memory.
  if (text.length > MAX_LENGTH || !NUMBER.test(text)) return undefined;
  const decimal = new Decimal(text);
  if (decimal.e >= WHOLE_DIGITS) return undefined;
  return decimal.toDecimalPlaces(PLACES, Decimal.ROUND_HALF_EVEN).toFixed();
}
