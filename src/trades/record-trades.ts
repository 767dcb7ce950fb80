import type { NewTrade } from "../contracts/trades.ts";
import { AppError, conflict, type ErrorDetail } from "../platform/errors.ts";
import { recordText } from "../tape/index.ts";
import type { TradesContext } from "./context.ts";
import { findTrades, findTradesByKeys } from "./find-trade.ts";
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
 * @param idempotencyKey of the whole request: by it and their position rows without an id are known again.
 * @throws AppError 409 whose details name each row that is there with other content; 503.
 */
export async function recordTrades(
  context: TradesContext,
  sent: NewTrade[],
  idempotencyKey?: string,
): Promise<RecordedTrades> {
  // A line break, which no key that is sent can hold, keeps rows apart from single trades.
  const keyOf = (row: number) =>
    idempotencyKey === undefined || sent[row]?.id !== undefined ? undefined : `${idempotencyKey}\n${row}`;
  const entries: (Entry | undefined)[] = sent.map(() => undefined);
  const twins = repeatsWithin(sent);
  const repeated = new Set<number>(twins.keys());
  // A row found known leaves the rest unwritten (all or none), so the rest is sent again without it.
  for (;;) {
    const rows = sent.flatMap((trade, row) => (repeated.has(row) ? [] : [{ trade, row }]));
    if (rows.length === 0) break;
    const items = rows.map(({ trade, row }) => tradeItem(trade, keyOf(row)));
    const outcome = await context.appender.append(TRADE_WRITE, items);
    if (outcome.written) {
      rows.forEach(({ row }, index) => {
        entries[row] = outcome.entries[index];
      });
      break;
    }
    const known = outcome.known.flatMap((index) => rows[index] ?? []);
    for (const [row, entry] of await readKnown(context, known, keyOf)) {
      repeated.add(row);
      entries[row] = entry;
    }
  }
  for (const [row, first] of twins) entries[row] = entries[first];
  return {
    texts: () => entries.flatMap((entry) => (entry === undefined ? [] : recordText(entry))),
    repeated: repeated.size,
    repeatedRows: [...repeated].sort((a, b) => a - b),
  };
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
  known: { trade: NewTrade; row: number }[],
  keyOf: (row: number) => string | undefined,
): Promise<Map<number, Entry>> {
  const stored = await findTrades(
    database,
    known.flatMap(({ trade }) => trade.id ?? []),
  );
  const byKey = await findTradesByKeys(
    database,
    known.flatMap(({ trade: { model }, row }) => {
      const key = keyOf(row);
      return key === undefined ? [] : [{ model, key }];
    }),
  );
  const entries = new Map<number, Entry>();
  const different: ErrorDetail[] = [];
  for (const { trade, row } of known) {
    const first = trade.id === undefined ? byKey.get(keyOf(row) ?? "") : stored.get(trade.id);
    if (first === undefined)
      throw new AppError(503, "unavailable", "A repeated trade cannot be read; try again.");
    if (isSameTrade(trade, first)) entries.set(row, rowEntry(first));
    else different.push(trade.id === undefined ? keyDiffers(row) : differs(row));
  }
  if (different.length > 0) throw differentTrades(different);
  return entries;
}

const differs = (row: number): ErrorDetail => ({
  path: `trades.${row}.id`,
  message: "is the id of a trade that is there already, with other content",
});

const keyDiffers = (row: number): ErrorDetail => ({
  path: `trades.${row}`,
  message: "was sent with this Idempotency-Key before, with other content",
});

const differentTrades = (details: ErrorDetail[]) =>
  conflict(
    "Trades with these ids or this Idempotency-Key are there already, with other content; nothing was written.",
    details,
  );
