import type { TapeKind } from "../contracts/tape.ts";
import type { Claim, Writer } from "../platform/http/write-guard.ts";
import type { Statement } from "../platform/postgres/database.ts";
import { TIMELINE } from "../platform/postgres/timeline.ts";
import { GUARD, type Guard, NO_GUARD } from "./guard.ts";
import { NEW_EPOCH } from "./head.ts";

/** Which counter of the head row a kind of entry moves: the version of that subject's cached answers. */
export type Subject = "trades" | "portfolios" | "sentiments";

/**
 * How one kind of record gets into its table and onto the tape.
 * `statement` takes `$1`, the batch's bodies as a JSON array, `$2`, the batch's time, `$3`, a JSON array of what else
 * there is to know of each, and `$4`, the seq that the head must have reached, or nothing is written; it answers the one
 * row of `BatchRow`. A group one of whose items is known is left out whole.
 */
export interface WriteKind {
  kind: TapeKind;
  statement: Statement;
  /** As `statement`, where accounts write: it also asks whose the models are, and claims those that are nobody's. */
  guarded: Statement;
  /** Further parameters from `$5` on, read when the batch is sent. */
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
  /** Keys of the whole group beside that: a JSON array of `{ scope, key, body }`, for kinds that know them. */
  groupKeys?: string | undefined;
  /** Whether the client chose the record's id, so that it has to be looked up. */
  given: boolean;
  /** Two items that share a lock never ride in the same batch. */
  locks: string[];
}

export interface BatchRow {
  /** The head before the batch; null where nothing was written: all was known, or it came too early. */
  base: string | null;
  /** The tape's epoch as the batch left it; null where all was known. */
  epoch: string | null;
  /** The head was not yet at `$4`: nothing was written, and what is said of known items is not yet true of all. */
  early: boolean;
  /** Positions, from 1 on, of items that were known already, so that their groups were left out. */
  known: string[] | null;
  /** Positions of items that their writer may not write; null where none is, or nobody asked. */
  strange?: string[] | null;
  /** Bodies worked out by the statement, in the order of the written items. */
  bodies: string[] | null;
}

/** What the statements need to know of an item beside its body. */
export function itemJson(group: number, item: WriteItem, asked = ""): string {
  const key =
    item.key === undefined
      ? ""
      : `,"key":${JSON.stringify(item.key)},"scope":${JSON.stringify(item.keyScope)}`;
  const groupKeys = item.groupKeys === undefined ? "" : `,"group_keys":${item.groupKeys}`;
  return `{"g":${group},"given":${item.given}${key}${groupKeys}${asked}}`;
}

/** What the guarded statement is told of an item: who writes, and with a group's first item what the group claims. */
export function askedJson(
  writer: Writer,
  item: WriteItem,
  claims: readonly Claim[],
  isFirst: boolean,
): string {
  if (item.model === null) return "";
  const claimed = claims.some(({ model }) => model === item.model);
  const about = `,"writer":${JSON.stringify(writer.id)},"for_all":${writer.isForAll},"claimed":${claimed}`;
  if (!isFirst || claims.length === 0) return about;
  return `${about},"max_models":${writer.maxModels},"claims":${JSON.stringify(claims)}`;
}

/** A kind's two statements. @param text makes its SQL with or without the guard's parts. */
export function statementsOf(
  name: string,
  text: (guard: Guard) => string,
): Pick<WriteKind, "statement" | "guarded"> {
  return {
    statement: { name, isUrgent: true, text: text(NO_GUARD) },
    guarded: { name: `${name}-guarded`, isUrgent: true, text: text(GUARD) },
  };
}

/**
 * The FROM item of every kind's statement: the batch's bodies `$1` as text and as columns, side by side with `$3`, what
 * `itemJson` says of them. One json_to_recordset for the batch: json_to_record for each row costs ten times as much.
 * @param fields the body's fields and their SQL types.
 */
export function itemsFrom(fields: Record<string, string>, guard: Guard): string {
  const definitions = Object.entries(fields).map(([name, type]) => `"${name}" ${type}`);
  const names = Object.keys(fields).map((name) => `"${name}"`);
  return `
    ROWS FROM (
      json_array_elements($1::json),
      json_to_recordset($1::json) AS (${definitions.join(", ")}),
      json_to_recordset($3::json) AS (g int, given boolean, key text, scope text, group_keys json${guard.columns})
    ) WITH ORDINALITY AS r(body, ${names.join(", ")}, g, given, key, scope, group_keys${guard.names}, n)`;
}

/**
 * Whether a row of `table` meets `condition`: a scalar subquery, since EXISTS may be planned as one hash of the whole
 * table, and a prepared statement keeps the plan that it made while the table was small.
 */
export function isThere(table: string, condition: string): string {
  return `coalesce((SELECT true FROM ${table} known_row WHERE ${condition}), false)`;
}

/** Whether the item's Idempotency-Key was used before in its scope. */
export function isKeyThere(kind: TapeKind): string {
  return isThere(
    "idempotency_keys",
    `known_row.kind = '${kind}' AND known_row.scope = r.scope AND known_row.key = r.key`,
  );
}

/**
 * The CTEs `fresh` and `head` over a CTE `item(n, g, known, strange, …)`. The head's row lock is taken here, and held till commit.
 * Whether the head has reached `$4` is asked of the row that was waited for: in WHERE it would be asked of the one that
 * was there when the statement began, and who is a little early would not wait.
 *
 * On another timeline of PostgreSQL commits may be lost that were acknowledged on the one before: numbers would mean two
 * things, so the tape becomes another one with the first batch that is written there.
 */
export function freshAndHead(subject: Subject): string {
  return `
  fresh AS MATERIALIZED (
    SELECT i.*, row_number() OVER (ORDER BY i.n) AS rn FROM item i
    WHERE NOT EXISTS (SELECT 1 FROM item other WHERE (other.known OR other.strange) AND other.g = i.g)
  ),
  moved AS (
    UPDATE tape_head
    SET seq = CASE WHEN seq >= $4::bigint THEN seq + (SELECT count(*) FROM fresh) ELSE seq END,
        ${subject}_seq = CASE WHEN seq >= $4::bigint THEN seq + (SELECT count(*) FROM fresh) ELSE ${subject}_seq END,
        epoch = CASE WHEN timeline <> ${TIMELINE} THEN ${NEW_EPOCH} ELSE epoch END,
        timeline = coalesce(${TIMELINE}, timeline)
    WHERE id = 1 AND (SELECT count(*) FROM fresh) > 0
    RETURNING seq - (SELECT count(*) FROM fresh) AS base, epoch
  ),
  head AS (
    SELECT base FROM moved WHERE base >= $4::bigint
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
         (SELECT epoch FROM moved) AS epoch,
         EXISTS (SELECT FROM moved) AND NOT EXISTS (SELECT FROM head) AS early,
         (SELECT array_agg(n ORDER BY n) FROM item WHERE known) AS known`;
