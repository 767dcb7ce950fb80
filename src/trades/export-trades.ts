import type { Response } from "express";
import type { PageCursor } from "../contracts/cursor.ts";
import type { Trade, TradeFilter } from "../contracts/trades.ts";
import { addressOf } from "../platform/http/address.ts";
import { limitConcurrency } from "../platform/limit-concurrency.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import type { CountExport } from "./count-exports.ts";
import { textCell } from "./csv-cell.ts";
import { matching, NEWEST_FIRST } from "./list-trades.ts";

/** Rows of a page: as many as fit if they are like those of the one before it. */
const SIZES = [50, 250, 1000] as const;
/** What fits into a page. Of each export at most two pages are in memory. */
const PAGE_BYTES = 512 * 1024;
/** Pages that are read at a time, of all exports: other reads find a connection, and writes the processor. */
const withOthers = limitConcurrency(2);

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
type CsvColumn = (typeof CSV_COLUMNS)[number];

const TEXTS = new Set<CsvColumn>(["id", "model", "symbol", "note"]);
const TIMES = new Set<CsvColumn>(["timestamp", "opened_at", "closed_at", "created_at"]);

const utc = (column: string, digits: "MS" | "US") =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.${digits}"Z"')`;
const CELLS = CSV_COLUMNS.map((column) => {
  if (TEXTS.has(column)) return `coalesce(${textCell(column)}, '')`;
  if (TIMES.has(column)) return `coalesce(${utc(`"${column}"`, "MS")}, '')`;
  if (column === "meta") return `coalesce('"' || replace(meta::text, '"', '""') || '"', '')`;
  return `coalesce(${column}::text, '')`;
});

interface Page {
  /** Whole lines; null where there is no further row. */
  lines: string | null;
  rows: number;
  /** How many it was to have at most. */
  size: number;
  time: string;
  id: string;
}

/**
 * Streams all matching trades as CSV (RFC 4180), newest first, page by page: PostgreSQL writes the lines, and between two
 * pages no connection is held. The memory it takes does not grow with the number of rows: a page is read while the one
 * before it is on its way, and none after that until the reader has taken it; the server cuts a reader that takes nothing. A failure in the middle cuts the connection,
 * so that half a file is not taken for a whole one.
 * @throws AppError 429 where too many exports are under way.
 */
export async function exportTrades(
  database: Database,
  count: CountExport,
  filter: TradeFilter,
  response: Response,
): Promise<void> {
  const countOut = count(addressOf(response.req));
  // What fails here is the client's connection, and ends the export by its `close`.
  response.on("error", () => {});
  try {
    await streamPages(database, filter, response);
  } finally {
    countOut();
  }
}

async function streamPages(database: Database, filter: TradeFilter, response: Response): Promise<void> {
  let page = await readPage(database, filter, filter.cursor, SIZES[0]);
  response.writeHead(200, {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="trades.csv"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  if (response.req.method === "HEAD") {
    response.end();
    return;
  }
  let text = `${CSV_COLUMNS.join(",")}\n`;
  for (;;) {
    const next = page.rows < page.size ? undefined : readPage(database, filter, page, sizeAfter(page));
    next?.catch(() => {});
    text += page.lines ?? "";
    if (!(await isTaken(response, text))) return;
    if (next === undefined) break;
    page = await next;
    text = "";
  }
  response.end();
}

async function readPage(
  database: Database,
  filter: TradeFilter,
  after: PageCursor | undefined,
  size: number,
): Promise<Page> {
  const { where, shape, values } = matching(filter, after, []);
  const statement: Statement = {
    name: ["export-trades", size, ...shape].join("-"),
    text: `
      SELECT string_agg(${CELLS.join(" || ',' || ")} || E'\\n', '') AS lines, count(*)::int AS rows,
        ${utc(`min("timestamp")`, "US")} AS time, (array_agg(id))[count(*)] AS id
      FROM (SELECT * FROM trades ${where} ${NEWEST_FIRST} LIMIT ${size}) page`,
  };
  const [page] = await withOthers(() => database.run<Omit<Page, "size">>(statement, values));
  return { ...(page as Omit<Page, "size">), size };
}

function sizeAfter({ lines, rows }: Page): number {
  const fitting = (PAGE_BYTES * rows) / Math.max(1, lines?.length ?? 0);
  return SIZES.findLast((size) => size <= fitting) ?? SIZES[0];
}

/** Writes a piece. Resolves once there is room for the next; false where the client has gone or takes nothing any more. */
function isTaken(response: Response, text: string): boolean | Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(text)) return true;
  return new Promise((resolve) => {
    const settle = () => {
      response.off("drain", settle).off("close", settle);
      resolve(!response.destroyed);
    };
    response.on("drain", settle).on("close", settle);
  });
}
