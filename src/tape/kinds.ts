import type { TapeKind } from "../contracts/tape.ts";
import type { Statement } from "../platform/postgres/database.ts";

/** Which counter of the head row a kind of entry moves: the version of that subject's cached answers. */
export type Subject = "trades" | "portfolios" | "sentiments";

/**
 * How one kind of record gets into its table and onto the tape.
 * `statement` takes `$1`, the batch as a JSON array of items, and `$2`, the batch's time; it answers the one row of
 * `BatchRow`. A group one of whose items is known is left out whole.
 */
export interface WriteKind {
  kind: TapeKind;
  statement: Statement;
  /** Further parameters from `$3` on, read when the batch is sent. */
  parameters?: () => unknown[];
}

/** One record to write. */
export interface WriteItem {
  model: string | null;
  symbol: string | null;
  /** The record's JSON text without seq. Where the statement works it out (a merge), it answers it instead. */
  body: string;
  /** The Idempotency-Key, unique in its scope. */
  key?: string | undefined;
  keyScope?: string | undefined;
  /** Whether the client chose the record's id, so that it has to be looked up. */
  given: boolean;
  /** Two items that share a lock never ride in the same batch. */
  locks: string[];
}

export interface BatchRow {
  /** The head before the batch; null where nothing was written. */
  base: string | null;
  /** Positions of items that were known already, so that their groups were left out. */
  known: number[] | null;
  /** Bodies worked out by the statement, in the order of the written items. */
  bodies: string[] | null;
}

/** The item list as the statements read it: `json_to_recordset($1) AS r(n int, g int, given boolean, key text, scope text, body json)`. */
export function itemJson(n: number, group: number, item: WriteItem): string {
  const key =
    item.key === undefined
      ? ""
      : `,"key":${JSON.stringify(item.key)},"scope":${JSON.stringify(item.keyScope)}`;
  return `{"n":${n},"g":${group},"given":${item.given}${key},"body":${item.body}}`;
}

/** SQL that every kind's statement shares: the batch's items, which of them are new, and the head's move. */
export const ITEMS = `json_to_recordset($1::json) AS r(n int, g int, given boolean, key text, scope text, body json)`;

/** `known` for an Idempotency-Key; a scalar subquery, so that rows without a key cost nothing. */
export function keyKnown(kind: TapeKind): string {
  return `EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.kind = '${kind}' AND k.scope = r.scope AND k.key = r.key)`;
}

/** The CTEs `fresh` and `head` over a CTE `item(n, g, known, …)`. The head's row lock is taken here, and held till commit. */
export function freshAndHead(subject: Subject): string {
  return `
  fresh AS MATERIALIZED (
    SELECT i.*, row_number() OVER (ORDER BY i.n) AS rn FROM item i
    WHERE NOT EXISTS (SELECT 1 FROM item other WHERE other.known AND other.g = i.g)
  ),
  head AS (
    UPDATE tape_head
    SET seq = seq + (SELECT count(*) FROM fresh), ${subject}_seq = seq + (SELECT count(*) FROM fresh)
    WHERE id = 1 AND (SELECT count(*) FROM fresh) > 0
    RETURNING seq - (SELECT count(*) FROM fresh) AS base
  )`;
}

/** The CTE `keys`: remembers the Idempotency-Keys of what is written, out of the CTE `from(rn, key, scope, …)`. */
export function rememberKeys(
  kind: TapeKind,
  columns: { tradeId?: string; body?: string; from?: string },
): string {
  return `
  keys AS (
    INSERT INTO idempotency_keys (kind, scope, key, seq, trade_id, body)
    SELECT '${kind}', f.scope, f.key, head.base + f.rn, ${columns.tradeId ?? "NULL"}, ${columns.body ?? "NULL::json"}
    FROM ${columns.from ?? "fresh"} f, head WHERE f.key IS NOT NULL
  )`;
}

export const ANSWER = `
  SELECT (SELECT base FROM head) AS base,
         (SELECT array_agg(n ORDER BY n) FROM item WHERE known) AS known`;
