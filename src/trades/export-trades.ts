import { once } from "node:events";
import { stringify } from "csv-stringify/sync";
import type { Response } from "express";
import type { Trade, TradeFilter } from "../contracts/trades.ts";
import type { Database } from "../platform/postgres/database.ts";
import { cursorOf, readTrades } from "./list-trades.ts";
import { tradeFromRow } from "./trade-text.ts";

const PAGE = 2000;

/** The columns of the CSV, in order; the import reads the same. */
export const CSV_COLUMNS = [
  "id",
  "seq",
  "model",
  "symbol",
  "side",
  "qty",
  "price",
  "pnl",
  "status",
  "timestamp",
  "exit_price",
  "fee",
  "leverage",
  "opened_at",
  "closed_at",
  "note",
  "meta",
  "created_at",
] as const satisfies readonly (keyof Trade | "seq")[];

/**
 * Streams all matching trades as CSV (RFC 4180), newest first, page by page: the memory it takes does not grow with
 * the number of rows. A failure in the middle cuts the connection, so that half a file is not taken for a whole one.
 */
export async function exportTrades(
  database: Database,
  filter: TradeFilter,
  response: Response,
): Promise<void> {
  let cursor = filter.cursor;
  let rows = await readTrades(database, filter, cursor, PAGE);
  response.writeHead(200, {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="trades.csv"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.write(stringify([[...CSV_COLUMNS]]));
  while (rows.length > 0 && !response.destroyed) {
    const lines = rows.map((row) => {
      const trade: Trade & { seq: string } = { ...tradeFromRow(row), seq: row.seq };
      return CSV_COLUMNS.map((column) => (column === "meta" ? metaText(trade) : trade[column]));
    });
    if (!response.write(stringify(lines)))
      await Promise.race([once(response, "drain"), once(response, "close")]);
    const last = rows.at(-1);
    if (rows.length < PAGE || last === undefined) break;
    cursor = cursorOf(last);
    rows = await readTrades(database, filter, cursor, PAGE);
  }
  response.end();
}

const metaText = (trade: Trade) => (trade.meta === null ? null : JSON.stringify(trade.meta));
