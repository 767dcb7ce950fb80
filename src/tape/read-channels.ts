import type { TapeKind } from "../contracts/tape.ts";
import type { Statement } from "../platform/postgres/database.ts";
import type { TapeSelection } from "./read.ts";

/** Of each part of a selection at least so many entries are looked for at a time. */
const MIN_PART = 128;

// Kinds that have an index of their own. Trades have none: where they are asked for, most entries are wanted.
const INDEXED_KINDS: readonly TapeKind[] = ["trade_close", "portfolio", "sentiment"];

const next = (condition: string) => `
  SELECT seq FROM tape WHERE ${condition} AND seq > $1 AND seq <= $2 ORDER BY seq LIMIT $7`;
const ofKind = (kind: TapeKind) => `
  SELECT 'kind/${kind}' AS part, e.seq FROM (SELECT 1 WHERE '${kind}' = ANY($4::text[])) asked, LATERAL (
    ${next(`kind = '${kind}'`)}) e`;
const by = (column: "model" | "symbol", parameter: string) => `
  SELECT '${column}/' || asked.name AS part, e.seq FROM (
    SELECT name, split_part(name, '/', 1) AS kind, substr(name, strpos(name, '/') + 1) AS value
    FROM unnest(${parameter}::text[]) AS name
  ) asked, LATERAL (${next(`kind = asked.kind AND ${column} = asked.value`)}) e`;

/**
 * Reads a selection by the tape's indexes: each part's next $7 entries, and of all of them those that come first. What it
 * costs goes by the entries that are wanted, however many others lie between them. `edge`, where there is one, is how far
 * the first part got that had more.
 */
export function byIndexes(name: string, columns: string): Statement {
  return {
    name,
    text: `
  WITH found AS MATERIALIZED (
    ${[...INDEXED_KINDS.map(ofKind), by("model", "$5"), by("symbol", "$6")].join(" UNION ALL ")}
  ),
  edge AS MATERIALIZED (
    SELECT min(reached) AS seq FROM (
      SELECT max(seq) AS reached FROM found GROUP BY part HAVING count(*) >= $7
    ) full_parts
  )
  SELECT entry.*, edge.seq AS edge
  FROM edge, (
    SELECT DISTINCT found.seq FROM found, edge WHERE found.seq <= edge.seq OR edge.seq IS NULL ORDER BY seq LIMIT $3
  ) wanted, LATERAL (SELECT ${columns} FROM tape WHERE tape.seq = wanted.seq OFFSET 0) entry
  ORDER BY wanted.seq`,
  };
}

/** Whether every part of the selection has an index to be found by. */
export function isIndexed({ kinds }: TapeSelection): boolean {
  return kinds.every((kind) => INDEXED_KINDS.includes(kind));
}

/** How many entries of each part to look for: a page of a few parts, or of many parts a share of it. */
export function perPart({ kinds, models, symbols }: TapeSelection, limit: number): number {
  const parts = kinds.length + models.length + symbols.length;
  return Math.min(limit, Math.max(MIN_PART, Math.ceil((2 * limit) / Math.max(1, parts))));
}
