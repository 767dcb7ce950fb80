import { encodeCursor, type PageCursor } from "../contracts/cursor.ts";
import type { TradeFilter } from "../contracts/trades.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import type { FindRarePair } from "./rare-pairs.ts";

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const time = (column: string) =>
  `coalesce('"' || to_char(${column} AT TIME ZONE 'UTC', ${ISO}) || '"', 'null')`;
const text = (column: string) => `coalesce(to_json(${column})::text, 'null')`;
const plain = (column: string) => `coalesce(${column}::text, 'null')`;

/** A trade's fields in the order of `tradeText`, and the SQL of each as JSON text. */
const FIELDS: Record<string, (column: string) => string> = {
  seq: plain,
  id: text,
  model: text,
  symbol: text,
  side: text,
  qty: plain,
  price: plain,
  pnl: plain,
  status: text,
  timestamp: time,
  exit_price: plain,
  fee: plain,
  leverage: plain,
  opened_at: time,
  closed_at: time,
  note: text,
  meta: plain,
  created_at: time,
};
const MEMBERS = Object.entries(FIELDS).map(([name, sql]) => `'"${name}":' || ${sql(`"${name}"`)}`);

// PostgreSQL keeps a plan only where it knows about how much is wanted, and planning costs as much as reading a short page.
const SIZES = [11, 201, 1001];

interface PageRow {
  trades: string | null;
  count: number;
  /** Of the last trade, where there is another one after it. */
  time: Date | null;
  id: string | null;
}

/**
 * One page as JSON text without the closing `timestamp`, so that it can be cached. PostgreSQL writes the text: to take in
 * the rows and write it here costs this process four times as much.
 */
export async function tradePageText(
  database: Database,
  findRarePair: FindRarePair,
  filter: TradeFilter,
): Promise<string> {
  const { model, symbol } = filter;
  const ids = model === undefined || symbol === undefined ? undefined : await findRarePair(model, symbol);
  const { where, shape, values } = matching(filter, filter.cursor, [filter.limit + 1], ids);
  const most = SIZES.find((size) => size > filter.limit);
  const statement: Statement = {
    name: ["list-trades", most, ...shape].join("-"),
    text: `
      SELECT string_agg('{' || ${MEMBERS.join(" || ',' || ")} || '}', ',') FILTER (WHERE n < $1) AS trades,
        (count(*) FILTER (WHERE n < $1))::int AS count,
        max("timestamp") FILTER (WHERE n = $1 - 1 AND n < numbered) AS time, max(id) FILTER (WHERE n = $1 - 1 AND n < numbered) AS id
      FROM (
        SELECT *, row_number() OVER () AS n, count(*) OVER () AS numbered
        FROM (SELECT * FROM (SELECT * FROM trades ${where} ${NEWEST_FIRST} LIMIT ${most}) most LIMIT $1) page
      ) numbered_page`,
  };
  const [row] = await database.run<PageRow>(statement, values);
  const { trades, count, time, id } = row as PageRow;
  const next = time === null || id === null ? null : encodeCursor({ time: time.toISOString(), id });
  return `{"trades":[${trades ?? ""}],"count":${count},"next_cursor":${JSON.stringify(next)}`;
}

export const NEWEST_FIRST = `ORDER BY "timestamp" DESC, id DESC`;

/**
 * The WHERE of the trades that a filter lets through, after the cursor in the order newest first.
 * @param first the statement's parameters before those that are added.
 * @param ids of all trades of the filter's model in its symbol, where they are known.
 * @returns also what tells this condition from others in a statement's name.
 */
export function matching(
  filter: TradeFilter,
  after: PageCursor | undefined,
  first: readonly unknown[],
  ids?: readonly string[],
) {
  const values = [...first];
  const conditions: string[] = [];
  const shape: string[] = [];
  const where = (name: string, value: unknown, condition: (parameter: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
    shape.push(name);
  };
  where("ids", ids, (p) => `id = ANY(${p}::text[])`);
  if (ids === undefined) where("model", filter.model, (p) => `model = ${p}`);
  // Of a model's trades those of one symbol are told apart in its index, whose last columns they are; by a plain symbol
  // PostgreSQL may as well take that of symbols, and read all other models' trades.
  where("symbol", filter.symbol, (p) =>
    filter.model === undefined ? `symbol = ${p}` : `symbol || '' = ${p}`,
  );
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
