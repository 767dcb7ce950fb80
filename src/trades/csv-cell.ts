/**
 * What a `'` goes in front of, in regular expressions of JavaScript and of PostgreSQL alike: what a spreadsheet takes for a
 * formula, and an empty text, which would look like none; and either with a `'` in front already, so that each text has
 * its own spelling and `withoutGuard` gives it back.
 */
const GUARDED = "'*(?:[=+@\\t\\r-]|$)";

/** SQL of a text column as a cell of CSV (RFC 4180), NULL for NULL. */
export function textCell(column: string): string {
  const pattern = GUARDED.replaceAll("'", "''");
  const guarded = `CASE WHEN ${column} ~ '^${pattern}' THEN '''' || ${column} ELSE ${column} END`;
  return `CASE
    WHEN ${column} !~ '^${pattern}|[",\\r\\n]' THEN ${column}
    WHEN ${column} ~ '[",\\r\\n]' THEN '"' || replace(${guarded}, '"', '""') || '"' ELSE ${guarded} END`;
}

const HAS_GUARD = new RegExp(`^'${GUARDED}`);

/** A cell's text as it was before `textCell` put a `'` in front of it. */
export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && HAS_GUARD.test(cell) ? cell.slice(1) : cell;
}
