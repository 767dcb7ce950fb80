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
    const plain = withoutExponent(String(value));
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

function trimZeros(text: string): string {
  const negative = text.startsWith("-");
  const [whole = "", fraction = ""] = (negative ? text.slice(1) : text).split(".");
  const left = whole.replace(/^0+(?=\d)/, "");
  const right = fraction.replace(/0+$/, "");
  const plain = right === "" ? left : `${left}.${right}`;
  return negative && plain !== "0" ? `-${plain}` : plain;
}

type Bound = "any" | "positive" | "non-negative";

/** A decimal of the contract (JSON number or string), parsed to its canonical spelling. */
function decimalSchema(bound: Bound) {
  return z
    .unknown()
    .transform((value, context) => {
      const text = canonicalDecimal(value);
      if (text === undefined) {
        context.addIssue(
          value === undefined
            ? "is required"
            : "must be a number, or a decimal string of at most 20 digits before and 18 after the point",
        );
        return z.NEVER;
      }
      if (bound === "positive" && (text === "0" || text.startsWith("-"))) {
        context.addIssue("must be greater than 0");
        return z.NEVER;
      }
      if (bound === "non-negative" && text.startsWith("-")) {
        context.addIssue("must be 0 or more");
        return z.NEVER;
      }
      return text;
    })
    .openapi({
      oneOf: [{ type: "number" }, { type: "string", pattern: "^-?\\d{1,20}(\\.\\d{1,18})?$" }],
      ...(bound === "any" ? {} : { description: bound === "positive" ? "greater than 0" : "0 or more" }),
    });
}

export const anyDecimal = decimalSchema("any");
export const positiveDecimal = decimalSchema("positive");
export const nonNegativeDecimal = decimalSchema("non-negative");

/** A decimal as it is answered: a JSON number, or an exact string with `?decimals=string`. */
export const decimalOut = z.union([z.number(), z.string()]).openapi({
  oneOf: [{ type: "number" }, { type: "string" }],
  description: "a JSON number; an exact string with ?decimals=string",
});
