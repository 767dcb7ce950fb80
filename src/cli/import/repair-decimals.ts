import { Decimal } from "decimal.js";
import { canonicalDecimal } from "../../contracts/decimal.ts";

/** What an import says of rows that it repaired so. */
export const NUMBERS_WRITTEN_OUT = "numbers written out or rounded to 18 decimals";

const DECIMAL_FIELDS = ["qty", "price", "pnl", "exit_price", "fee", "leverage"];
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,6})?$/i;
const MAX_LENGTH = 400;
const PLACES = 18;
const WHOLE_DIGITS = 20;
const NOTHING: readonly string[] = [];

/**
 * Brings numbers that the contract would refuse for their spelling into one that it takes: an exponent is written
 * out, and what goes beyond 18 decimals is rounded half to even. What is no number, or too large, stays as it is, for
 * the contract to refuse.
 * @returns the record itself where nothing had to be repaired, and what was.
 */
export function repairDecimals(record: unknown): { record: unknown; repaired: readonly string[] } {
  if (typeof record !== "object" || record === null) return { record, repaired: NOTHING };
  const fields = record as Record<string, unknown>;
  let result = fields;
  let repairs = NOTHING;
  for (const name of DECIMAL_FIELDS) {
    const value = fields[name];
    if (value === undefined || canonicalDecimal(value) !== undefined) continue;
    const repaired = plainDecimal(value);
    if (repaired === undefined) continue;
    result = { ...result, [name]: repaired };
    repairs = [...repairs, `${name} written out`];
  }
  return { record: result, repaired: repairs };
}

export function plainDecimal(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value);
  // Checked before any arithmetic: 1e999999 written out would fill the memory.
  if (text.length > MAX_LENGTH || !NUMBER.test(text)) return undefined;
  const decimal = new Decimal(text);
  if (decimal.e >= WHOLE_DIGITS) return undefined;
  return decimal.toDecimalPlaces(PLACES, Decimal.ROUND_HALF_EVEN).toFixed();
}
