import { databaseErrorCode, isDatabaseUnavailable } from "../../platform/postgres/errors.ts";

// A relation, a column, a schema or a type that is there already.
const IS_THERE = new Set(["42P07", "42701", "42P06", "42710"]);

/** One sentence for whatever went wrong: no stack, no SQL, no connection string. */
export function explain(error: unknown): string {
  const cause = rootCause(error);
  const code = databaseErrorCode(cause);
  const text = oneLine(cause);
  if (isDatabaseUnavailable(cause)) return `PostgreSQL cannot be used now: ${text}`;
  const migration = error instanceof Error && /^Migration (\S+) \((up|down)\) failed/.exec(error.message);
  if (!migration) return text;
  const hint =
    migration[2] === "up" && code !== undefined && IS_THERE.has(code)
      ? " It may come from db:push or from another program; db:migrate:reset makes our tables anew."
      : "";
  return `The migration ${migration[1]} failed (${migration[2]}): ${text}${hint}`;
}

/** umzug wraps what a migration threw. */
function rootCause(error: unknown): unknown {
  return error instanceof Error && error.name === "MigrationError" && error.cause !== undefined
    ? rootCause(error.cause)
    : error;
}

function oneLine(error: unknown): string {
  // Where no address answered there is one error for each, and an empty message on top.
  const inner = error instanceof Error && "parent" in error ? error.parent : error;
  const several = inner instanceof AggregateError ? inner.errors.map((each) => oneLine(each)).join("; ") : "";
  const message = (error instanceof Error && error.message) || several || String(error);
  const text = message
    .replace(/\b\w+:\/\/\S+/g, "<url>")
    .replace(/\s+/g, " ")
    .trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
