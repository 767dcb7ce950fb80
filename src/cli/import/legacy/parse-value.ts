import { parse } from "lossless-json";

/** Numbers that a double may not hold: more than 15 digits, or an exponent. */
const DELICATE = /[:,[]\s*(-?(?:[\d.]{17,}|\d[\d.]*[eE][+-]?\d*))/;
const ALL_DELICATE = new RegExp(DELICATE, "g");

/** Whether each number of the text is what a double says of itself; what JavaScript wrote always is. */
function isExact(text: string): boolean {
  // Most rows have none, and to find that out first takes half the time.
  if (!DELICATE.test(text)) return true;
  for (const [, number] of text.matchAll(ALL_DELICATE)) if (String(Number(number)) !== number) return false;
  return true;
}

/**
 * A JSON text as a value; numbers that a double would round stay the text they are. What was encoded twice is decoded
 * twice.
 * @throws SyntaxError
 */
export function parseValue(text: string): unknown {
  const value = isExact(text) ? JSON.parse(text) : parse(text, null, (number) => number);
  return typeof value === "string" && /^\s*[[{]/.test(value) ? parseValue(value) : value;
}
