import { nameFault, textFault } from "./characters.ts";
import { notMet } from "./met.ts";
import { z } from "./zod.ts";

// Letters, marks, numbers, punctuation, symbols, spaces; the joiners belong to emoji and some scripts.
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\u200c\u200d]{1,100}$/u;
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const SYMBOL = /^[A-Za-z0-9._/:-]{1,32}$/;
const FIRST_MOMENT = Date.parse("0001-01-01T00:00:00.000Z");
const LAST_MOMENT = Date.parse("9999-12-31T23:59:59.999Z");
const AHEAD_MS = 86_400_000;
const ISO_TIME = z.regexes.datetime({ offset: true });
/** An ISO time with a zone, be it one that exists or not. */
const ISO_SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

const NOT_PRINTABLE = "must be 1-100 printable characters";
const NO_SEGMENT = "must not be . or .., which no URL can carry";
const requiredString = ({ input }: { input?: unknown }) =>
  input === undefined ? "is required" : "must be a string";
const isPrintable = (text: string) => PLAIN.test(text) || (PRINTABLE.test(text) && VISIBLE.test(text));
const isPathSegment = (text: string) => text !== "." && text !== "..";

const printable = z
  .string({ error: requiredString })
  .refine(isPrintable, { error: ({ input }) => `${NOT_PRINTABLE}${notMet(input)}` });

/** What stands in URLs as a segment of a path: there `.` and `..`, encoded or not, mean the folder and the one above. */
const pathSegment = printable.refine(isPathSegment, NO_SEGMENT);

/** A model's name as reads take it: there may be some that were written before names were held to more. */
export const knownModelName = pathSegment.openapi({ example: "gpt-5", minLength: 1, maxLength: 100 });
/** A model's name as it is written (in the spirit of PRECIS, RFC 8265): two that look the same are the same. */
export const modelName = z
  .string({ error: requiredString })
  .superRefine((text, context) => {
    const wrong = nameFault(text) ?? (isPrintable(text) ? undefined : NOT_PRINTABLE);
    if (wrong !== undefined) context.addIssue({ code: "custom", message: `${wrong}${notMet(text)}` });
  })
  .refine(isPathSegment, NO_SEGMENT)
  .openapi({ example: "gpt-5", minLength: 1, maxLength: 100 });
export const tradeId = pathSegment.openapi({ example: "fill-0001", minLength: 1, maxLength: 100 });
export const sourceName = printable.openapi({ example: "api", minLength: 1, maxLength: 100 });

/** Whether it is a symbol, in either case. */
export const isSymbol = (text: string): boolean => SYMBOL.test(text);

/** A symbol: lower case is accepted and becomes upper case. */
export const symbolName = z
  .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
  // Before it becomes upper case: some foreign letters turn into plain ones there.
  .refine(isSymbol, { error: ({ input }) => `must be 1-32 of A-Z 0-9 . _ / : -${notMet(input)}` })
  .overwrite((text) => text.toUpperCase())
  .openapi({ type: "string", example: "BTC", pattern: "^[A-Za-z0-9._/:-]{1,32}$" });

/**
 * A moment: ISO 8601 with a zone, years 0001 to 9999, parsed to UTC with milliseconds.
 * A check that puts the value in its place, since a format, a transform and a Date cost four times as much a row.
 */
export const moment = z
  .custom<string>()
  .check((payload) => {
    const input: unknown = payload.value;
    const refuse = (message: string) => payload.issues.push({ code: "custom", input, message });
    if (typeof input !== "string") refuse(input === undefined ? "is required" : "must be a string");
    else if (!ISO_TIME.test(input)) {
      const wanted = ISO_SHAPE.test(input)
        ? "a time that exists"
        : "an ISO 8601 time with a zone, like 2026-01-31T12:00:00Z";
      refuse(`must be ${wanted}${notMet(input)}`);
    } else if (!isSpelledOut(input)) {
      const at = Date.parse(input);
      if (at >= FIRST_MOMENT && at <= LAST_MOMENT) payload.value = new Date(at).toISOString();
      else refuse(`must be a time between the years 1 and 9999${notMet(input)}`);
    }
  })
  .openapi({ type: "string", format: "date-time" });

/** A moment that something is reported to have happened at: not more than a day ahead, for clocks and zones that err. */
export const pastMoment = moment.check((payload) => {
  const latest = new Date(Date.now() + AHEAD_MS).toISOString();
  // Both in UTC with milliseconds, so ordered as their texts are.
  if (payload.issues.length > 0 || payload.value <= latest) return;
  const message = `must not be more than a day ahead of now${notMet(payload.value)}`;
  payload.issues.push({ code: "custom", input: payload.value, message });
});

/** Whether an ISO time is in UTC with milliseconds already, and in range. */
const isSpelledOut = (time: string) =>
  time.length === "2026-01-31T12:00:00.000Z".length && time.endsWith("Z") && !time.startsWith("0000");

/** Free text without lone surrogates or NUL; `max` counts characters as people do (code points). */
export function freeText(max: number, min = 0) {
  return z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
    .refine(
      (text) => {
        const length = text.length <= max ? text.length : [...text].length;
        return length >= min && length <= max;
      },
      min > 0 ? `must be ${min}-${max} characters` : `must be at most ${max} characters`,
    )
    .refine((text) => text.isWellFormed() && !text.includes("\0"), "must be text without NUL characters")
    .openapi({ minLength: min, maxLength: max });
}

/** Free text that people see: `freeText` without control and direction characters. @param lines it may have several. */
export function plainText(max: number, min = 0, lines = false) {
  return freeText(max, min).superRefine((text, context) => {
    const wrong = textFault(text, lines);
    if (wrong !== undefined) context.addIssue({ code: "custom", message: wrong });
  });
}

/** A whole number in a query string. */
export function queryNumber(min: number, max: number, fallback: number) {
  return z
    .string()
    .regex(/^\d{1,16}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))
    .optional()
    .transform((value) => value ?? fallback)
    .openapi({ type: "integer", minimum: min, maximum: max, default: fallback });
}

export const momentOut = z.string().openapi({ format: "date-time" });
export const sequence = z.int().nonnegative().openapi({ description: "position on the tape" });

export const errorBody = z
  .object({
    success: z.literal(false),
    error: z.string(),
    code: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi("Error");
