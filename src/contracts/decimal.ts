import { notMet } from "./met.ts";
import { z } from "./zod.ts";

const PLAIN = /^-?\d{1,20}(?:\.\d{1,18})?$/;

/**
 * The one spelling of a decimal that the whole service uses: no exponent, no leading or trailing zeros, no
 * minus before zero. So two decimals are equal as values exactly when their spellings are.
 * @returns undefined where the value is no finite decimal of at most 20 digits before and 18 after the point.
 */
export function canonicalDecimal(value: unknown): string | undefined {
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return value === 0 ? "0" : String(value);
    if (!Number.isFinite(value)) return undefined;
    const text = String(value);
    // What JavaScript writes without an exponent, and not too long, has no zero to trim.
    if (text.length <= 18 && !text.includes("e")) return text;
    const plain = withoutExponent(text);
    return PLAIN.test(plain) ? trimZeros(plain) : undefined;
  }
  return typeof value === "string" && PLAIN.test(value) ? trimZeros(value) : undefined;
}

function withoutExponent(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${"0".repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--;
  return end === digits.length ? digits : digits.slice(0, end);
}

const CANONICAL = /^(?:0|-?(?:[1-9]\d*|0(?=\.))(?:\.\d*[1-9])?)$/;

function trimZeros(text: string): string {
  if (CANONICAL.test(text)) return text;
  const negative = text.startsWith("-");
  const [whole = "", fraction = ""] = (negative ? text.slice(1) : text).split(".");
  const left = whole.replace(/^0+(?=\d)/, "");
  const right = withoutTrailingZeros(fraction);
  const plain = right === "" ? left : `${left}.${right}`;
  return negative && plain !== "0" ? `-${plain}` : plain;
}

type Bound = "any" | "positive" | "non-negative";

/**
 * A decimal of the contract (JSON number or string), parsed to its canonical spelling.
 * A check that puts the value in its place and not a transform: a pipe of schemas costs several times as much.
 */
function decimalSchema(bound: Bound) {
  return z
    .custom<string>()
    .check((payload) => {
      const given: unknown = payload.value;
      const text = canonicalDecimal(given);
      if (text === undefined)
        payload.issues.push(issue(given, given === undefined ? "is required" : `${SHAPE}${notMet(given)}`));
      else if (bound === "positive" && (text === "0" || text.startsWith("-"))) {
        payload.issues.push(issue(given, `must be greater than 0${notMet(given)}`));
      } else if (bound === "non-negative" && text.startsWith("-")) {
        payload.issues.push(issue(given, `must be 0 or more${notMet(given)}`));
      } else payload.value = text;
    })
    .openapi({
      type: ["number", "string"],
      pattern: "^-?\\d{1,20}(\\.\\d{1,18})?$",
      ...(bound === "any" ? {} : { description: bound === "positive" ? "greater than 0" : "0 or more" }),
    });
}

const SHAPE = "must be a number, or a decimal string of at most 20 digits before and 18 after the point";
const issue = (input: unknown, message: string) => ({ code: "custom" as const, input, message });

export const anyDecimal = decimalSchema("any");
export const positiveDecimal = decimalSchema("positive");
export const nonNegativeDecimal = decimalSchema("non-negative");

/** A decimal as it is answered: a JSON number, or an exact string with `?decimals=string`. */
export const decimalOut = z.union([z.number(), z.string()]).openapi({
  type: ["number", "string"],
  description: "a JSON number; an exact string with ?decimals=string",
});

/** The same, or null; said anew, since a type that was given by hand does not become nullable by itself. */
export const decimalOrNullOut = decimalOut.nullable().openapi({ type: ["number", "string", "null"] });
