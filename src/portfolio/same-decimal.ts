import { canonicalDecimal } from "../contracts/decimal.ts";

/** Whether a canonical decimal equals what was parsed losslessly out of stored JSON text. */
export function sameDecimal(canonical: string, stored: unknown): boolean {
  return stored !== null && stored !== undefined && canonical === canonicalDecimal(String(stored));
}
