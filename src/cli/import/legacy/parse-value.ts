import { Decimal } from "decimal.js";
import { type ParseOptions, parse } from "lossless-json";

/** Numbers that a double may not hold: 16 characters or more, or an exponent. */
const DELICATE = /[:,[]\s*(-?(?:[\d.]{16,}(?:[eE][+-]?\d+)?|\d[\d.]*[eE][+-]?\d*))/;
const ALL_DELICATE = new RegExp(DELICATE, "g");
/** Deeper than anybody meant it; what takes values apart further on may do so by recursion. */
const MAX_DEPTH = 1000;
const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125];

/** A JSON text whose arrays and objects are nested too deeply. */
export class NestedTooDeeply extends Error {
  override name = "NestedTooDeeply";
  override message = "is nested too deeply";
}

/** Whether each number of the text is what a double says of itself; what JavaScript wrote always is. */
function isExact(text: string): boolean {
  // Most rows have none, and to find that out first takes half the time.
  if (!DELICATE.test(text)) return true;
  for (const [, number] of text.matchAll(ALL_DELICATE)) if (!isDouble(number as string)) return false;
  return true;
}

/** Whether a double prints the same value as this number, be it in another spelling. */
function isDouble(number: string): boolean {
  const printed = String(Number(number));
  if (printed === number) return true;
  try {
    return new Decimal(number).eq(printed);
  } catch {
    // No number after all: the parser will say so.
    return false;
  }
}

const EXACT: ParseOptions = {
  parseNumber: (number) => (isDouble(number) ? Number(number) : number),
  // As JSON.parse has it.
  onDuplicateKey: ({ newValue }) => newValue,
};

/**
 * A JSON text as a value; numbers that a double would round stay the text they are. What was encoded twice is decoded
 * twice.
 * @throws SyntaxError, NestedTooDeeply
 */
export function parseValue(text: string): unknown {
  if (isTooDeep(text)) throw new NestedTooDeeply();
  const value = isExact(text) ? JSON.parse(text) : parse(text, null, EXACT);
  return typeof value === "string" && /^\s*[[{]/.test(value) ? parseValue(value) : value;
}

function isTooDeep(text: string): boolean {
  // Each level takes an opening and a closing character: hardly any row is long enough to be looked at.
  if (text.length < 2 * MAX_DEPTH) return false;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inText) {
      if (code === QUOTE) inText = false;
      else if (code === BACKSLASH) at++;
    } else if (code === QUOTE) inText = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth--;
  }
  return false;
}
