import { parse } from "lossless-json";
import { canonicalDecimal } from "../contracts/decimal.ts";
import { DEFAULT_STARTING_BALANCE } from "../contracts/portfolio.ts";
import { toUnits } from "../contracts/units.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { withSnapshot } from "../platform/postgres/snapshot.ts";
import type { Head, TapeRecord } from "../tape/index.ts";
import type { LedgerEntry } from "./ledger-curve.ts";
import { type CurveStart, emptyHistory, type ModelHistory } from "./model-history.ts";
import type { ReportPoint } from "./report-curve.ts";
import { OPENING_KEY, TAKEN_OVER } from "./take-over-portfolio.ts";

// Through a double, which holds milliseconds exactly and costs half of what NUMERIC does.
const ms = (moment: string) => `(date_part('epoch', ${moment}) * 1000)::bigint::text`;
const LEDGER_TIME = `coalesce(closed_at, "timestamp")`;
// A closed trade never changes, so those with a seq up to $2 are the ledger as it was at $2.
const LEDGER = `SELECT ${ms(LEDGER_TIME)} AS time, id, pnl FROM trades
  WHERE model = $1 AND status = 'closed' AND seq <= $2::bigint ORDER BY ${LEDGER_TIME}, id`;
const POINT = `${ms("at")} AS time, seq, trim_scale(balance) AS balance, trim_scale(equity) AS equity`;
const REPORTS = `SELECT ${POINT} FROM portfolio_points WHERE model = $1 AND seq <= $2::bigint ORDER BY at, seq`;
const HAS_TRADED = "SELECT EXISTS (SELECT 1 FROM trades WHERE model = $1) AS traded";

const NEW_REPORTS: Statement = {
  name: "history-new-reports",
  text: `SELECT ${POINT} FROM portfolio_points WHERE model = $1 AND seq > $2::bigint AND seq <= $3::bigint`,
};
// The keys' range and not starts_with, which no index knows.
const START: Statement = {
  name: "history-start",
  text: `
  WITH taken_over AS MATERIALIZED (
    SELECT k.key, k.seq FROM idempotency_keys k
    WHERE k.kind = 'portfolio' AND k.scope = $1 AND k.key >= '${TAKEN_OVER}' AND k.key < '${TAKEN_OVER.slice(0, -1)}.'
  )
  SELECT coalesce((SELECT starting_balance FROM portfolios WHERE model = $1), ${DEFAULT_STARTING_BALANCE}) AS starting_balance,
    (SELECT ${ms("at")} FROM portfolio_points WHERE model = $1
       AND seq NOT IN (SELECT seq FROM taken_over WHERE key = '${OPENING_KEY}') ORDER BY at, seq LIMIT 1) AS first_report,
    taken.time AS taken_time, taken.balance AS taken_balance
  FROM (SELECT 1) one LEFT JOIN LATERAL (
    SELECT ${ms("p.at")} AS time, p.balance
    FROM portfolio_points p JOIN taken_over k ON k.seq = p.seq AND k.key <> '${OPENING_KEY}'
    WHERE p.model = $1 ORDER BY p.at, p.seq LIMIT 1
  ) taken ON true`,
};

interface StartRow {
  starting_balance: string;
  first_report: string | null;
  taken_time: string | null;
  taken_balance: string | null;
}

interface PointRow {
  time: string;
  seq: string;
  balance: string;
  equity: string;
}

/** Reads where a model's curve starts, as it is now. */
export async function readStart(database: Database, model: string): Promise<CurveStart> {
  return toStart((await database.run<StartRow>(START, [model])) as [StartRow]);
}

function toStart([row]: [StartRow]): CurveStart {
  const { starting_balance, first_report, taken_time, taken_balance } = row;
  return {
    starting_balance: canonicalDecimal(starting_balance) ?? starting_balance,
    first_report: first_report === null ? null : Number(first_report),
    taken:
      taken_time === null || taken_balance === null
        ? null
        : { time: Number(taken_time), balance: canonicalDecimal(taken_balance) ?? taken_balance },
  };
}

/** A model's whole history as of a head, from the tables; page by page, in one snapshot. */
export async function loadHistory(
  database: Database,
  model: string,
  head: Head,
  signal: AbortSignal,
): Promise<ModelHistory> {
  return await withSnapshot(database, signal, async ({ rows, pages }) => {
    const start = toStart((await rows<StartRow>(START.text, [model])) as [StartRow]);
    const history = emptyHistory(head.epoch, head.seq, start);
    const [known] = await rows<{ traded: boolean }>(HAS_TRADED, [model]);
    history.hasTraded = known?.traded === true;
    const values = [model, head.seq];
    for await (const page of pages<{ time: string; id: string; pnl: string }>(LEDGER, values)) {
      history.ledger.add(page.map(({ time, id, pnl }) => ({ time: Number(time), id, pnl: unitsOf(pnl) })));
    }
    for await (const page of pages<PointRow>(REPORTS, values)) history.reports.add(page.map(toPoint));
    return history;
  });
}

/** A model's reports with `after < seq ≤ until`. */
export async function readNewReports(
  database: Database,
  model: string,
  after: number,
  until: number,
): Promise<ReportPoint[]> {
  return (await database.run<PointRow>(NEW_REPORTS, [model, after, until])).map(toPoint);
}

/** The closed trade of a tape record; undefined where the trade is open. */
export function closedTrade({ body }: Pick<TapeRecord, "body">): LedgerEntry | undefined {
  const trade = parse(body) as Record<string, unknown>;
  if (trade.status !== "closed") return undefined;
  const time = Date.parse(String(trade.closed_at ?? trade.timestamp));
  return { time, id: String(trade.id), pnl: unitsOf(String(trade.pnl)) };
}

const unitsOf = (decimal: string) => toUnits(canonicalDecimal(decimal) ?? decimal);

function toPoint({ time, seq, balance, equity }: PointRow): ReportPoint {
  return { time: Number(time), seq: Number(seq), balance, equity };
}
