import type { TapeKind } from "../contracts/tape.ts";
import type { Statement } from "../platform/postgres/database.ts";
import type { TapeSelection } from "./selection.ts";

/** Of each part of a selection at least so many entries are looked for at a time. */
const MIN_PART = 128;

// Kinds that have an index of their own. Trades have none: where they are asked for, most entries are wanted.
const INDEXED_KINDS: readonly TapeKind[] = ["portfolio", "sentiment"];

const next = (condition: string, seq: string) => `
  SELECT seq FROM tape WHERE ${condition} AND ${seq} > $1 AND ${seq} <= $2 ORDER BY ${seq} LIMIT $7`;
const ofKind = (kind: TapeKind) => `
  SELECT 'kind/${kind}' AS part, e.seq FROM (
    ${next(`kind = '${kind}'`, "seq")}) e`;
// As the indexes by model and symbol have it: of a plain seq PostgreSQL thinks that it lies in the order of the table, and
// may look for a rare symbol by going through all of it.
const BESIDES = "(seq + 0)";
/** The entries of some kinds, by the models or symbols that `parameter` names with their kinds; an index of its own each. */
const by = (part: string, column: "model" | "symbol", parameter: string, kinds: string) => `
  SELECT '${part}/' || asked.value AS part, e.seq FROM (
    SELECT substr(name, strpos(name, '/') + 1) AS value, array_agg(split_part(name, '/', 1)) AS kinds
    FROM unnest(${parameter}::text[]) AS name WHERE split_part(name, '/', 1) ${kinds} GROUP BY 1
  ) asked, LATERAL (
    ${next(`kind ${kinds} AND kind = ANY(asked.kinds) AND ${column} = asked.value COLLATE "C"`, BESIDES)}) e`;

const TRADES = "IN ('trade', 'trade_close')";
const isTrade = (kind: TapeKind) => kind === "trade" || kind === "trade_close";

/** The parts that a selection can have: when it has it, and its SQL. */
const PARTS: { isIn: (selection: TapeSelection) => boolean; sql: string }[] = [
  ...INDEXED_KINDS.map((kind) => ({
    isIn: ({ kinds }: TapeSelection) => kinds.includes(kind),
    sql: ofKind(kind),
  })),
  {
    isIn: ({ models }) => models.some(({ kind }) => isTrade(kind)),
    sql: by("trades by model", "model", "$5", TRADES),
  },
  {
    isIn: ({ models }) => models.some(({ kind }) => kind === "portfolio"),
    sql: by("portfolios by model", "model", "$5", "= 'portfolio'"),
  },
  {
    isIn: ({ symbols }) => symbols.some(({ kind }) => isTrade(kind)),
    sql: by("trades by symbol", "symbol", "$6", TRADES),
  },
  {
    isIn: ({ symbols }) => symbols.some(({ kind }) => kind === "sentiment"),
    sql: by("sentiments by symbol", "symbol", "$6", "= 'sentiment'"),
  },
];

/**
 * Reads a selection by the tape's indexes: each part's next $7 entries, and of all of them those that come first. What it
 * costs goes by the entries that are wanted, however many others lie between them. `edge`, where there is one, is how far
 * the first part got that had more.
 */
export function byIndexes(name: string, columns: string, selection: TapeSelection): Statement {
  const parts = PARTS.flatMap(({ isIn, sql }, number) => (isIn(selection) ? [{ number, sql }] : []));
  return {
    name: [name, ...parts.map(({ number }) => number)].join("-"),
    text: `
  -- It says of which types the parameters are, those too that no part needs.
  WITH asked AS (SELECT $4::text[] AS kinds, $5::text[] AS models, $6::text[] AS symbols),
  found AS MATERIALIZED (
    ${parts.map(({ sql }) => sql).join(" UNION ALL ")}
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
