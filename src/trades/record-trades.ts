import type { NewTrade } from "../contracts/trades.ts";
import { AppError, conflict, type ErrorDetail } from "../platform/errors.ts";
import type { Writer } from "../platform/http/write-guard.ts";
import { newId } from "../platform/new-id.ts";
import { recordText } from "../tape/index.ts";
import { findRequest, rememberRequest, requestKeys } from "./bulk-request.ts";
import type { TradesContext } from "./context.ts";
import { findTrades } from "./find-trade.ts";
import { rowEntry, tradeItem } from "./record-trade.ts";
import { completeTrade, isSameTrade, matchesTrade } from "./trade-text.ts";
import { TRADE_WRITE } from "./write-kinds.ts";

export interface RecordedTrades {
  /** Makes their JSON texts, in the order they were sent. An import has no use for them. */
  texts: () => string[];
  /** How many were there before with the same content. */
  repeated: number;
  /** Positions of those. */
  repeatedRows: number[];
}

/** What a record's text is made of. */
type Entry = Parameters<typeof recordText>[0];

/**
 * Records many trades, all or none. Those already there with the same content count as repeated.
 * @param idempotencyKey of the whole request: by it the request is known again, its trades in their order.
 * @throws AppError 409 where the key's first request had other content; 409 whose details name each row that is there
 * with other content; 503.
 */
export async function recordTrades(
  context: TradesContext,
  sent: NewTrade[],
  idempotencyKey?: string,
  writer?: Writer,
): Promise<RecordedTrades> {
  const entries: (Entry | undefined)[] = sent.map(() => undefined);
  const twins = repeatsWithin(sent);
  const repeated = new Set<number>(twins.keys());
  // Under a key it is written down which trades the request's rows are, so those without an id get theirs here.
  const trades = idempotencyKey === undefined ? sent : sent.map(withId);
  const keys = idempotencyKey === undefined ? undefined : requestKeys(trades, idempotencyKey, writer);
  // A row found known leaves the rest unwritten (all or none), so the rest is sent again without it.
  for (;;) {
    const rows = sent.flatMap((_, row) => (repeated.has(row) ? [] : [row]));
    if (rows.length === 0) break;
    const items = rows.map((row) =>
      tradeItem(trades[row] as NewTrade, undefined, sent[row]?.id !== undefined),
    );
    // They ride with the first that is to be written, and are written with it.
    const [carrier] = items;
    if (keys !== undefined && carrier !== undefined) {
      carrier.groupKeys = keys.text;
      carrier.locks.push(...keys.locks);
    }
    const outcome = await context.appender.append(TRADE_WRITE, items, writer);
    if (outcome.written) {
      rows.forEach((row, index) => {
        entries[row] = outcome.entries[index];
      });
      return recorded(entries, twins, repeated);
    }
    if (idempotencyKey !== undefined) {
      const first = await findRequest(context.database, sent, idempotencyKey, writer);
      if (first !== undefined) return recorded(first.map(rowEntry), new Map(), new Set(sent.keys()));
    }
    // A row without an id is known by the key alone, which was forgotten meanwhile.
    const known = outcome.known
      .flatMap((index) => rows[index] ?? [])
      .filter((row) => sent[row]?.id !== undefined);
    for (const [row, entry] of await readKnown(context, sent, known)) {
      repeated.add(row);
      entries[row] = entry;
    }
  }
  const first = entries.find((entry) => entry !== undefined);
  if (keys !== undefined && first !== undefined)
    await rememberRequest(context.database, keys.text, first.seq);
  return recorded(entries, twins, repeated);
}

/** Rows whose id stands earlier in the same request: row → the earlier row. */
function repeatsWithin(sent: NewTrade[]): Map<number, number> {
  const firstRows = new Map<string, number>();
  const twins = new Map<number, number>();
  const different: ErrorDetail[] = [];
  sent.forEach((trade, row) => {
    if (trade.id === undefined) return;
    const first = firstRows.get(trade.id);
    if (first === undefined) {
      firstRows.set(trade.id, row);
      return;
    }
    twins.set(row, first);
    if (!matchesTrade(trade, completeTrade(sent[first] as NewTrade))) different.push(differs(row));
  });
  if (different.length > 0) throw differentTrades(different);
  return twins;
}

async function readKnown(
  { database }: TradesContext,
  sent: readonly NewTrade[],
  known: readonly number[],
): Promise<Map<number, Entry>> {
  const stored = await findTrades(
    database,
    known.flatMap((row) => sent[row]?.id ?? []),
  );
  const entries = new Map<number, Entry>();
  const different: ErrorDetail[] = [];
  for (const row of known) {
    const trade = sent[row] as NewTrade;
    const first = stored.get(trade.id ?? "");
    if (first === undefined)
      throw new AppError(503, "unavailable", "A repeated trade cannot be read; try again.");
    if (isSameTrade(trade, first)) entries.set(row, rowEntry(first));
    else different.push(differs(row));
  }
  if (different.length > 0) throw differentTrades(different);
  return entries;
}

const withId = (trade: NewTrade): NewTrade => (trade.id === undefined ? { ...trade, id: newId() } : trade);

function recorded(
  entries: (Entry | undefined)[],
  twins: ReadonlyMap<number, number>,
  repeated: ReadonlySet<number>,
): RecordedTrades {
  for (const [row, first] of twins) entries[row] = entries[first];
  return {
    texts: () => entries.flatMap((entry) => (entry === undefined ? [] : recordText(entry))),
    repeated: repeated.size,
    repeatedRows: [...repeated].sort((a, b) => a - b),
  };
}

const differs = (row: number): ErrorDetail => ({
  path: `trades.${row}.id`,
  message: "is the id of a trade that is there already, with other content",
});

const differentTrades = (details: ErrorDetail[]) =>
  conflict("Trades with these ids are there already, with other content; nothing was written.", details);
