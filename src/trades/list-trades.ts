import { encodeCursor, type PageCursor } from "../contracts/cursor.ts";
import type { TradeFilter } from "../contracts/trades.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { rowText } from "./record-trade.ts";
import { TRADE_COLUMNS, type TradeColumns } from "./trade-text.ts";

/** Rows newest first by (timestamp, id) after the cursor, at most `limit`. */
export async function readTrades(
  database: Database,
  filter: TradeFilter,
  after: PageCursor | undefined,
  limit: number,
): Promise<TradeColumns[]> {
  const { statement, values } = listStatement(filter, after, limit);
  return await database.run<TradeColumns>(statement, values);
}

/** One page as JSON text without the closing `timestamp`, so that it can be cached. */
export async function tradePageText(database: Database, filter: TradeFilter): Promise<string> {
  const rows = await readTrades(database, filter, filter.cursor, filter.limit + 1);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  const next = rows.length > filter.limit && last !== undefined ? encodeCursor(cursorOf(last)) : null;
  return `{"trades":[${page.map(rowText).join(",")}],"count":${page.length},"next_cursor":${JSON.stringify(next)}`;
}

export function cursorOf(row: TradeColumns): PageCursor {
  return { time: row.timestamp.toISOString(), id: row.id };
}

function listStatement(filter: TradeFilter, after: PageCursor | undefined, limit: number) {
  const { where, shape, values } = matching(filter, after, [limit]);
  const statement: Statement = {
    name: ["list-trades", ...shape].join("-"),
    text: `SELECT ${TRADE_COLUMNS} FROM trades ${where} ${NEWEST_FIRST} LIMIT $1`,
  };
  return { statement, values };
}

export const NEWEST_FIRST = `ORDER BY "timestamp" DESC, id DESC`;

/**
 * The WHERE of the trades that a filter lets through, after the cursor in the order newest first.
 * @param values the statement's parameters before those that are added.
 * @returns also what tells this condition from others in a statement's name.
 */
export function matching(filter: TradeFilter, after: PageCursor | undefined, first: readonly unknown[]) {
  const values = [...first];
  const conditions: string[] = [];
  const shape: string[] = [];
  const where = (name: string, value: unknown, condition: (parameter: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
    shape.push(name);
  };
  where("model", filter.model, (p) => `model = ${p}`);
  where("symbol", filter.symbol, (p) => `symbol = ${p}`);
  where("side", filter.side, (p) => `side = ${p}`);
  // Written out: only so can a plan that is kept know that the index of open trades holds all that is asked for.
  if (filter.status !== undefined) {
    conditions.push(`status = '${filter.status}'`);
    shape.push(filter.status);
  }
  where("from", filter.from, (p) => `"timestamp" >= ${p}::timestamptz`);
  where("to", filter.to, (p) => `"timestamp" <= ${p}::timestamptz`);
  // The first, simple bound is what the index can use; an OR alone would have it read the whole table.
  where("after", after?.time, (p) => `"timestamp" <= ${p}::timestamptz`);
  where("id", after?.id, (p) => `("timestamp" < $${values.length - 1}::timestamptz OR id < ${p})`);
  return { where: conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`, shape, values };
}
