import type { TapeEntry, TapeKind } from "../contracts/tape.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";

/** Which entries of the tape a reader wants; an entry matches when any of the three lists names it. */
export interface TapeSelection {
  kinds: TapeKind[];
  models: { kind: TapeKind; model: string }[];
  symbols: { kind: TapeKind; symbol: string }[];
}

interface TapeRow {
  seq: string;
  kind: TapeKind;
  model: string | null;
  symbol: string | null;
  at: Date;
  data: string;
}

const COLUMNS = "seq, kind, model, symbol, at, data::text AS data";
const READ_ALL: Statement = {
  name: "read-tape",
  text: `SELECT ${COLUMNS} FROM tape WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`,
};
const READ_SELECTED: Statement = {
  name: "read-tape-selected",
  text: `
    SELECT ${COLUMNS} FROM tape
    WHERE seq > $1 AND seq <= $2
      AND (kind = ANY($4::text[])
        OR (kind || '/' || model) = ANY($5::text[])
        OR (kind || '/' || symbol) = ANY($6::text[]))
    ORDER BY seq LIMIT $3`,
};

/** How many seqs one query looks through: a rare channel must not turn a page into a scan of the whole tape. */
const WINDOW = 20_000;

/** Entries with `since < seq ≤ until`, all kinds, in seq order, at most `limit`. */
export async function readTape(
  database: Database,
  since: number,
  until: number,
  limit: number,
): Promise<TapeEntry[]> {
  const rows = await database.run<TapeRow>(READ_ALL, [since, until, limit]);
  return rows.map(toEntry);
}

export interface TapePage {
  entries: TapeEntry[];
  /** Everything of the selection up to this seq has been read. */
  upTo: number;
}

/** One page of a selection: at most `limit` entries out of at most a window of seqs after `since`. */
export async function readSelection(
  database: Database,
  selection: TapeSelection | undefined,
  since: number,
  until: number,
  limit: number,
): Promise<TapePage> {
  if (selection === undefined) return pageOf(await readTape(database, since, until, limit), limit, until);
  const end = Math.min(until, since + WINDOW);
  const rows = await database.run<TapeRow>(READ_SELECTED, [
    since,
    end,
    limit,
    selection.kinds,
    selection.models.map(({ kind, model }) => `${kind}/${model}`),
    selection.symbols.map(({ kind, symbol }) => `${kind}/${symbol}`),
  ]);
  return pageOf(rows.map(toEntry), limit, end);
}

function pageOf(entries: TapeEntry[], limit: number, end: number): TapePage {
  const last = entries.at(-1);
  return { entries, upTo: entries.length === limit && last !== undefined ? last.seq : end };
}

function toEntry(row: TapeRow): TapeEntry {
  return { ...row, seq: Number(row.seq), at: row.at.toISOString(), body: row.data };
}

/** A record as the stream and the answers show it: its JSON text with the seq in front. */
export function recordText(entry: { seq: number; body: string }): string {
  return `{"seq":${entry.seq},${entry.body.slice(1)}`;
}
