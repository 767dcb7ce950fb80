import type { TapeEntry, TapeKind } from "../contracts/tape.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { byIndexes, isIndexed, perPart } from "./read-channels.ts";
import type { TapeSelection } from "./selection.ts";

interface TapeRow {
  seq: string;
  kind: TapeKind;
  model: string | null;
  symbol: string | null;
  at: Date;
  data: string;
}

const MATCHES = `
  (kind = ANY($4::text[]) OR (kind || '/' || model) = ANY($5::text[]) OR (kind || '/' || symbol) = ANY($6::text[]))`;

function readStatement(name: string, columns: string, isSelected: boolean): Statement {
  const selected = isSelected ? `AND ${MATCHES}` : "";
  return {
    name,
    text: `SELECT ${columns} FROM tape WHERE seq > $1 AND seq <= $2 ${selected} ORDER BY seq LIMIT $3`,
  };
}

const ENTRY = "seq, kind, model, symbol, at, data::text AS data";
const READ_ALL = readStatement("read-tape", ENTRY, false);
const READ_SELECTED = readStatement("read-tape-selected", ENTRY, true);
// A replay needs no more than this; the times alone would cost it a fifth.
const RECORD = "seq, kind, data::text AS body";
const REPLAY_SELECTED = readStatement("replay-tape-selected", RECORD, true);

/** How many seqs one query looks through where trades of all kinds are asked for, which lie close together. */
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

export interface TapePage<Entry> {
  entries: Entry[];
  /** Everything of the selection up to this seq has been read. */
  upTo: number;
}

/** What a subscriber is sent of an entry. */
export type TapeRecord = Pick<TapeEntry, "seq" | "kind" | "body">;

/** One page of a selection: at most `limit` entries, fewer where many parts of it are looked for at once. */
export async function readSelection(
  database: Database,
  selection: TapeSelection | undefined,
  since: number,
  until: number,
  limit: number,
): Promise<TapePage<TapeEntry>> {
  if (selection === undefined) return pageOf(await readTape(database, since, until, limit), limit, until);
  const statements = { scan: READ_SELECTED, indexed: byIndexes("read-tape-indexed", ENTRY, selection) };
  return await readPage<TapeRow, TapeEntry>(
    database,
    statements,
    selection,
    { since, until, limit },
    toEntry,
  );
}

/** As `readSelection`, only what a subscriber is sent. */
export async function readRecords(
  database: Database,
  selection: TapeSelection,
  since: number,
  until: number,
  limit: number,
): Promise<TapePage<TapeRecord>> {
  const statements = {
    scan: REPLAY_SELECTED,
    indexed: byIndexes("replay-tape-indexed", RECORD, selection),
  };
  return await readPage<{ seq: string; kind: TapeKind; body: string }, TapeRecord>(
    database,
    statements,
    selection,
    { since, until, limit },
    ({ seq, kind, body }) => ({ seq: Number(seq), kind, body }),
  );
}

async function readPage<Row, Entry extends { seq: number }>(
  database: Database,
  statements: { scan: Statement; indexed: Statement },
  selection: TapeSelection,
  { since, until, limit }: { since: number; until: number; limit: number },
  read: (row: Row) => Entry,
): Promise<TapePage<Entry>> {
  if (!isIndexed(selection)) {
    const end = Math.min(until, since + WINDOW);
    const rows = await database.run<Row>(statements.scan, [since, end, limit, ...selectedBy(selection)]);
    return pageOf(rows.map(read), limit, end);
  }
  const values = [since, until, limit, ...selectedBy(selection), perPart(selection, limit)];
  const rows = await database.run<Row & { edge: string | null }>(statements.indexed, values);
  return pageOf(rows.map(read), limit, Number(rows[0]?.edge ?? until));
}

function selectedBy({ kinds, models, symbols }: TapeSelection): string[][] {
  return [
    kinds,
    models.map(({ kind, model }) => `${kind}/${model}`),
    symbols.map(({ kind, symbol }) => `${kind}/${symbol}`),
  ];
}

function pageOf<Entry extends { seq: number }>(
  entries: Entry[],
  limit: number,
  end: number,
): TapePage<Entry> {
  const last = entries.at(-1);
  return { entries, upTo: entries.length === limit && last !== undefined ? last.seq : end };
}

function toEntry(row: TapeRow): TapeEntry {
  const { kind, model, symbol } = row;
  return { seq: Number(row.seq), kind, model, symbol, at: row.at.toISOString(), body: row.data };
}

/** A record as the stream and the answers show it: its JSON text with the seq in front. */
export function recordText(entry: { seq: number; body: string }): string {
  return `{"seq":${entry.seq},${entry.body.slice(1)}`;
}
