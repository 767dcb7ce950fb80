import { setImmediate as breathe } from "node:timers/promises";
import { DEFAULT_STARTING_BALANCE } from "../../contracts/portfolio.ts";
import { PRODUCT_DECIMALS, toUnits } from "../../contracts/units.ts";
import type { Database } from "../../platform/postgres/database.ts";
import { withSnapshot } from "../../platform/postgres/snapshot.ts";
import { LedgerWalk, type ReportedValue } from "../score/ledger.ts";
import type { ScoreState } from "../score/model-score.ts";
import type { ClosedTrade } from "../score/trade-sums.ts";

/** Rows of one statement, and how many of them are taken in before others get their turn. */
const PAGE_ROWS = 20_000;
const SLICE_ROWS = 1_000;
/** Models of one statement: more of them while all their trades make less than a tenth of a page, fewer where a page is full. */
const MOST_MODELS = 1_000;

// Through a double, which holds milliseconds exactly and costs half of what NUMERIC does.
const ms = (moment: string) => `(date_part('epoch', ${moment}) * 1000)::bigint`;
const CLOSED_AT = `coalesce(closed_at, "timestamp")`;

// From model to model along the index: to group all trades takes a look at each.
const MODELS = `
  WITH RECURSIVE traded AS (
    (SELECT model FROM trades ORDER BY model LIMIT 1)
    UNION ALL
    SELECT (SELECT t.model FROM trades t WHERE t.model > traded.model ORDER BY t.model LIMIT 1)
    FROM traded WHERE traded.model IS NOT NULL
  )
  SELECT model FROM traded WHERE model IS NOT NULL UNION SELECT model FROM portfolios ORDER BY model`;
const PORTFOLIOS = `SELECT m.model, p.seq, p.starting_balance, p.body,
    (SELECT ${ms(`max(t."timestamp")`)} FROM trades t WHERE t.model = m.model) AS last_at
  FROM unnest($1::text[]) AS m(model) LEFT JOIN LATERAL (
    SELECT seq, starting_balance, json_build_object('balance', balance, 'positions', positions, 'last_update',
      to_char(last_update AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text AS body
    FROM portfolios WHERE portfolios.model = m.model
  ) p ON true`;
// A closed trade never changes, so those with a seq up to $2 are the ledger as it was at $2: no snapshot need be held
// from page to page.
const TRADES = `SELECT model, id, side = 'buy' AS is_long, pnl, fee, price * qty AS notional,
    CASE WHEN exit_price IS NULL THEN pnl + fee
         WHEN side = 'buy' THEN (exit_price - price) * qty
         ELSE (price - exit_price) * qty END AS gross,
    ${ms(CLOSED_AT)} AS time, ${ms("closed_at")} - ${ms("opened_at")} AS held, ${CLOSED_AT}::text AS place
  FROM trades WHERE model = ANY($1::text[]) AND status = 'closed' AND seq <= $2::bigint
    AND (model, ${CLOSED_AT}, id) > ($3, $4::timestamptz, $5)
  ORDER BY model, ${CLOSED_AT}, id LIMIT ${PAGE_ROWS}`;
const REPORTS = `SELECT model, ${ms("at")} AS time, seq, equity, at::text AS place
  FROM portfolio_points WHERE model = ANY($1::text[]) AND seq <= $2::bigint
    AND (model, at, seq) > ($3, $4::timestamptz, $5::bigint)
  ORDER BY model, at, seq LIMIT ${PAGE_ROWS}`;

// PostgreSQL's NUMERIC and BIGINT come as text.
interface PortfolioRow {
  model: string;
  seq: string | null;
  starting_balance: string | null;
  body: string | null;
  last_at: string | null;
}

interface TradeRow {
  model: string;
  id: string;
  is_long: boolean;
  pnl: string;
  fee: string;
  notional: string;
  gross: string;
  time: string;
  held: string | null;
  place: string;
}

interface ReportRow {
  model: string;
  time: string;
  seq: string;
  equity: string;
  place: string;
}

/** All models that have traded or reported, in the order of their names. */
export async function readModels(database: Database, signal: AbortSignal): Promise<string[]> {
  const rows = await read<{ model: string }>(database, signal, MODELS, []);
  return rows.map(({ model }) => model);
}

/**
 * The scores of these models, as of a seq that the tape has reached, worked out from the tables. Each statement reads a
 * page, so none keeps a snapshot for long, and memory does not grow with the number of trades.
 * @param models in the order of their names.
 * @param signal cuts it short.
 */
export async function readScores(
  database: Database,
  models: readonly string[],
  asOf: number,
  signal: AbortSignal,
): Promise<ScoreState[]> {
  const scores: ScoreState[] = [];
  let width = 1;
  for (let next = 0; next < models.length; ) {
    const group = models.slice(next, next + width);
    const read = await readGroup(database, group, asOf, signal);
    scores.push(...read.scores);
    next += group.length;
    if (read.rows < PAGE_ROWS / 10) width = Math.min(MOST_MODELS, width * 2);
    else if (read.rows >= PAGE_ROWS) width = Math.max(1, width >> 1);
  }
  return scores;
}

async function readGroup(
  database: Database,
  models: readonly string[],
  asOf: number,
  signal: AbortSignal,
): Promise<{ scores: ScoreState[]; rows: number }> {
  const scores = new Map<string, ScoreState & { walk: LedgerWalk }>();
  for (const row of await read<PortfolioRow>(database, signal, PORTFOLIOS, [models])) {
    const { model, seq, body, last_at } = row;
    const start = toUnits(row.starting_balance ?? DEFAULT_STARTING_BALANCE);
    scores.set(model, {
      model,
      start,
      version: Number(seq ?? 0),
      lastTradeAt: last_at === null ? null : Number(last_at),
      report: seq === null || body === null ? null : { seq: Number(seq), body },
      ledger: null,
      walk: new LedgerWalk(start),
    });
  }
  let rows = 0;
  await eachRow<TradeRow>(database, signal, TRADES, [models, asOf], ["", "-infinity", ""], "id", (row) => {
    const score = scores.get(row.model);
    if (score === undefined) return;
    const trade = toTrade(row);
    score.walk.addTrade(trade);
    score.lastTradeAt = Math.max(score.lastTradeAt ?? trade.time, trade.time);
    rows++;
  });
  await eachRow<ReportRow>(database, signal, REPORTS, [models, asOf], ["", "-infinity", 0], "seq", (row) => {
    scores.get(row.model)?.walk.addReport(toValue(row));
    rows++;
  });
  return {
    rows,
    // All of it is of entries up to `asOf`: that is the version, whatever entry was the last to change it.
    scores: [...scores.values()].map(({ walk, ...score }) => ({
      ...score,
      version: asOf,
      ledger: walk.finish(),
    })),
  };
}

/** Hands on what a statement reads after `from`, page by page. @param last the third column of its order. */
async function eachRow<Row extends { model: string; place: string }>(
  database: Database,
  signal: AbortSignal,
  text: string,
  values: unknown[],
  from: unknown[],
  last: keyof Row,
  take: (row: Row) => void,
): Promise<void> {
  let after = from;
  while (true) {
    const page = await read<Row>(database, signal, text, [...values, ...after]);
    for (let next = 0; next < page.length; next += SLICE_ROWS) {
      for (const row of page.slice(next, next + SLICE_ROWS)) take(row);
      await breathe();
      signal.throwIfAborted();
    }
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE_ROWS) return;
    after = [end.model, end.place, end[last]];
  }
}

async function read<Row>(
  database: Database,
  signal: AbortSignal,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  return await withSnapshot(database, signal, (snapshot) => snapshot.rows<Row>(text, values));
}

function toTrade({ id, is_long, pnl, fee, notional, gross, time, held }: TradeRow): ClosedTrade {
  return {
    id,
    time: Number(time),
    isLong: is_long,
    pnl: toUnits(pnl),
    fee: toUnits(fee),
    notional: toUnits(notional, PRODUCT_DECIMALS),
    gross: toUnits(gross, PRODUCT_DECIMALS),
    heldMs: held === null ? null : BigInt(held),
  };
}

function toValue({ time, seq, equity }: ReportRow): ReportedValue {
  return { at: Number(time), seq: Number(seq), equity: toUnits(equity, PRODUCT_DECIMALS) };
}
