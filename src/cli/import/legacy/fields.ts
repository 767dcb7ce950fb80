import { printable } from "../printable.ts";

/** An object of the old stores whose fields may be named one way or another. Null and "" count as absent. */
export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isThere = (value: unknown) => value !== undefined && value !== null && value !== "";

/** The first of these fields that is there. */
export function first(fields: Fields, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = fields[name];
    if (isThere(value)) return value;
  }
  return undefined;
}

/** The fields that are there, for a contract that knows no null. */
export function present(fields: Fields): Record<string, unknown> {
  // A loop: this runs for every row, and arrays of entries cost several times as much.
  const there: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    if (isThere(value)) there[name] = value;
  }
  return there;
}

/** Collects what was repaired in a row: `mend("model", before, after)` answers `after`. */
export function mender() {
  const repairs: string[] = [];
  return {
    repairs,
    mend<Value>(field: string, before: unknown, after: Value): Value {
      if (before !== after) repairs.push(`${field} was ${before === undefined ? "missing" : shown(before)}`);
      return after;
    },
  };
}

/** A value as it may go to a terminal: short, and without control characters. */
export function shown(value: unknown): string {
  const text = printable(JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
