import type { NewTrade } from "../contracts/trades.ts";
import { AppError, conflict, type ErrorDetail } from "../platform/errors.ts";
import { recordText } from "../tape/index.ts";
import type { TradesContext } from "./context.ts";
import { findTrades } from "./find-trade.ts";
import { rowText, tradeItem } from "./record-trade.ts";
import { completeTrade, isSameTrade, matchesTrade } from "./trade-text.ts";
import { TRADE_WRITE } from "./write-kinds.ts";

export interface RecordedTrades {
  /** JSON texts in the order they were sent. */
  texts: string[];
  /** How many were there before with the same content. */
  repeated: number;
  /** Positions of those. */
  repeatedRows: number[];
}

/**
 * Records many trades, all or none. Those already there with the same content count as repeated.
 * @throws AppError 409 whose details name each row that is there with other content; 503.
 */
export async function recordTrades(context: TradesContext, sent: NewTrade[]): Promise<RecordedTrades> {
  const texts: (string | undefined)[] = sent.map(() => undefined);
  const twins = repeatsWithin(sent);
  const repeated = new Set<number>(twins.keys());
  // A row found known leaves the rest unwritten (all or none), so the rest is sent again without it.
  for (;;) {
    const rows = sent.flatMap((trade, row) => (repeated.has(row) ? [] : [{ trade, row }]));
    if (rows.length === 0) break;
    const items = rows.map(({ trade }) => tradeItem(trade));
    const outcome = await context.appender.append(TRADE_WRITE, items);
    if (outcome.written) {
      rows.forEach(({ row }, index) => {
        const entry = outcome.entries[index];
        if (entry !== undefined) texts[row] = recordText(entry);
      });
      break;
    }
    const known = outcome.known.flatMap((index) => rows[index] ?? []);
    for (const [row, text] of await readKnown(context, known)) {
      repeated.add(row);
      texts[row] = text;
    }
  }
  for (const [row, first] of twins) texts[row] = texts[first];
  return {
    texts: texts.filter((text) => text !== undefined),
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
): Promise<Map<number, string>> {
  const stored = await findTrades(
    database,
    known.flatMap(({ trade }) => trade.id ?? []),
  );
  const texts = new Map<number, string>();
  const different: ErrorDetail[] = [];
  for (const { trade, row } of known) {
    const first = stored.get(trade.id ?? "");
    if (first === undefined)
      throw new AppError(503, "unavailable", "A repeated trade cannot be read; try again.");
    if (isSameTrade(trade, first)) texts.set(row, rowText(first));
    else different.push(differs(row));
  }
  if (different.length > 0) throw differentTrades(different);
  return texts;
}

const differs = (row: number): ErrorDetail => ({
  path: `trades.${row}.id`,
  message: "is the id of a trade that is there already, with other content",
});

const differentTrades = (details: ErrorDetail[]) =>
  conflict(
    "Trades with these ids are there already, with other content; nothing was written.",
    details.slice(0, 100),
  );
