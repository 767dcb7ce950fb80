import { notMet } from "../../contracts/met.ts";
import type { z } from "../../contracts/zod.ts";
import { type ErrorDetail, validationError } from "../errors.ts";

/** As many as a thousand trades have fields. */
const MAX_DETAILS = 20_000;

/**
 * Checks a value against its contract.
 * @throws AppError 400 `validation_error` whose details name each bad field (`positions.0.qty`).
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  // Issues keep to themselves what was given unless asked, and nothing else tells a missing field from a wrong one. Asked
  // only now, since to ask makes every check slower.
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const details = result.error.issues.slice(0, MAX_DETAILS).flatMap(toDetails);
  const first = details[0];
  throw validationError(
    first === undefined
      ? "The request is not valid."
      : `${first.path === "" ? "The request" : first.path} ${first.message}.`,
    details,
  );
}

function toDetails(issue: z.core.$ZodIssue): ErrorDetail[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, 100).map((key) => ({
      path: [...path, key.slice(0, 200)].join("."),
      message: "is not a known field",
    }));
  }
  return [{ path: path.join("."), message: sentence(issue) }];
}

function sentence(issue: z.core.$ZodIssue): string {
  const isWrong = issue.code === "invalid_type" || issue.code === "invalid_value";
  if (isWrong && issue.input === undefined) return "is required";
  if (issue.code === "invalid_type") return `must be ${article(issue.expected)}`;
  if (issue.code === "invalid_value")
    return `must be ${issue.values.map(String).join(" or ")}${notMet(issue.input)}`;
  return issue.message;
}

function article(expected: string): string {
  const names: Record<string, string> = {
    object: "an object",
    record: "an object",
    array: "an array",
    int: "a whole number",
  };
  return names[expected] ?? `a ${expected}`;
}
