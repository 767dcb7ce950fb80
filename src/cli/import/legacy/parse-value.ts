import { parse } from "lossless-json";

/** Numbers that a double may not hold: more than 15 digits, or an exponent. */
const DELICATE = /[\d.]{17}|\d[eE][+-]?\d/;

/**
 * A JSON text as a value; numbers that a double would round stay the text they are. What was encoded twice is decoded
 * twice.
 * @throws SyntaxError
 */
export function parseValue(text: string): unknown {
  const value = DELICATE.test(text) ? parse(text, null, (number) => number) : JSON.parse(text);
  return typeof value === "string" && /^\s*[[{]/.test(value) ? parseValue(value) : value;
}
