import type { Response } from "express";
import type { PageCursor } from "../contracts/cursor.ts";
import type { Trade, TradeFilter } from "../contracts/trades.ts";
import { unavailable } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { textCell } from "./csv-cell.ts";
import { matching, NEWEST_FIRST } from "./list-trades.ts";

/** About half a megabyte; of each export at most two pages are in memory. */
const PAGE = 2000;
const MAX_EXPORTS = 64;
/** How long a reader may take nothing. */
const STALLED_MS = 60_000;

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
  time: string;
  id: string;
}

let running = 0;

/**
 * Streams all matching trades as CSV (RFC 4180), newest first, page by page: PostgreSQL writes the lines, and between two
 * pages no connection is held. The memory it takes does not grow with the number of rows: a page is read while the one
 * before it is on its way, and none after that until the reader has taken it. A failure in the middle cuts the connection,
 * so that half a file is not taken for a whole one.
 * @throws AppError 503 where too many exports are under way.
 */
export async function exportTrades(
  database: Database,
  filter: TradeFilter,
  response: Response,
): Promise<void> {
  if (running >= MAX_EXPORTS) throw unavailable(`${MAX_EXPORTS} exports are under way; try again later.`);
  running++;
  // What fails here is the client's connection, and ends the export by its `close`.
  response.on("error", () => {});
  try {
    await streamPages(database, filter, response);
  } finally {
    running--;
  }
}

async function streamPages(database: Database, filter: TradeFilter, response: Response): Promise<void> {
  let page = await readPage(database, filter, filter.cursor);
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
    const next = page.rows < PAGE ? undefined : readPage(database, filter, page);
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
): Promise<Page> {
  const { where, shape, values } = matching(filter, after, []);
  const statement: Statement = {
    name: ["export-trades", ...shape].join("-"),
    text: `
      SELECT string_agg(${CELLS.join(" || ',' || ")} || E'\\n', '') AS lines, count(*)::int AS rows,
        ${utc(`min("timestamp")`, "US")} AS time, (array_agg(id))[count(*)] AS id
      FROM (SELECT * FROM trades ${where} ${NEWEST_FIRST} LIMIT ${PAGE}) page`,
  };
  const [page] = await database.run<Page>(statement, values);
  return page as Page;
}

/** Writes a piece. Resolves once there is room for the next; false where the client has gone or takes nothing any more. */
function isTaken(response: Response, text: string): boolean | Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(text)) return true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), STALLED_MS);
    const settle = () => {
      clearTimeout(timer);
      response.off("drain", settle).off("close", settle);
      resolve(!response.destroyed);
    };
    response.on("drain", settle).on("close", settle);
  });
}
