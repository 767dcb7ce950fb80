import { DEFAULT_STARTING_BALANCE } from "../contracts/portfolio.ts";
import { toUnits, type Units } from "../contracts/units.ts";
import type { Database } from "../platform/postgres/database.ts";
import { type Snapshot, withSnapshot } from "../platform/postgres/snapshot.ts";
import { addTrade, type Curve, startCurve } from "./curve.ts";
import type { ScoreState } from "./model-score.ts";
import type { BoardState } from "./scoreboard.ts";

// Through a double, which holds milliseconds exactly and costs half of what NUMERIC does.
const ms = (moment: string) => `(date_part('epoch', ${moment}) * 1000)::bigint`;
const CLOSED_AT = `coalesce(closed_at, "timestamp")`;

const HEAD = "SELECT seq, epoch FROM tape_head WHERE id = 1";
const PORTFOLIOS = `SELECT model, seq, starting_balance,
  json_build_object('balance', balance, 'positions', positions, 'last_update',
    to_char(last_update AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text AS body FROM portfolios`;
const TALLIES = `SELECT model,
    count(*) FILTER (WHERE status = 'closed') AS trades,
    count(*) FILTER (WHERE status = 'closed' AND pnl > 0) AS wins,
    coalesce(sum(pnl) FILTER (WHERE status = 'closed'), 0) AS realized,
    coalesce(sum(fee) FILTER (WHERE status = 'closed'), 0) AS fees,
    max(seq) FILTER (WHERE status = 'closed') AS last_closed,
    ${ms(`max(CASE WHEN status = 'closed' THEN greatest("timestamp", closed_at) ELSE "timestamp" END)`)} AS last_at
  FROM trades GROUP BY model`;
// A closed trade never changes, so those with a seq up to $2 are the ledger as it was at $2.
const LEDGER = `SELECT id, pnl, ${ms(CLOSED_AT)} AS time FROM trades
  WHERE model = $1 AND status = 'closed' AND seq <= $2::bigint ORDER BY ${CLOSED_AT}, id`;

// PostgreSQL's NUMERIC and BIGINT come as text.
interface PortfolioRow {
  model: string;
  seq: string;
  starting_balance: string;
  body: string;
}

interface TallyRow {
  model: string;
  trades: string;
  wins: string;
  realized: string;
  fees: string;
  last_closed: string | null;
  last_at: string;
}

/** All scores worked out anew from the tables, in one snapshot: sums by PostgreSQL, curves trade by trade. */
export async function rebuildBoard(database: Database, signal: AbortSignal): Promise<BoardState> {
  return await withSnapshot(database, signal, async (snapshot) => {
    const [head] = await snapshot.rows<{ seq: string; epoch: string }>(HEAD);
    if (head === undefined) throw new Error("the tape has no head row");
    const asOf = Number(head.seq);
    const portfolios = new Map<string, PortfolioRow>();
    for (const row of await snapshot.rows<PortfolioRow>(PORTFOLIOS)) portfolios.set(row.model, row);
    const tallies = new Map<string, TallyRow>();
    for (const row of await snapshot.rows<TallyRow>(TALLIES)) tallies.set(row.model, row);
    const scores: ScoreState[] = [];
    for (const model of new Set([...portfolios.keys(), ...tallies.keys()])) {
      const tally = tallies.get(model);
      const portfolio = portfolios.get(model);
      const start = toUnits(portfolio?.starting_balance ?? DEFAULT_STARTING_BALANCE);
      const trades = Number(tally?.trades ?? 0);
      const report = portfolio === undefined ? null : { seq: Number(portfolio.seq), body: portfolio.body };
      scores.push({
        model,
        start,
        version: Math.max(Number(tally?.last_closed ?? 0), report?.seq ?? 0),
        report,
        trades,
        wins: Number(tally?.wins ?? 0),
        realized: toUnits(tally?.realized ?? "0"),
        fees: toUnits(tally?.fees ?? "0"),
        lastTradeAt: tally === undefined ? null : Number(tally.last_at),
        curve: trades === 0 ? startCurve(start) : await walkLedger(snapshot, { model, start, asOf }),
      });
    }
    return { epoch: head.epoch, asOf, scores };
  });
}

interface Ledger {
  model: string;
  /** The starting balance. */
  start: Units;
  /** Trades up to this seq of the tape. */
  asOf: number;
}

/** A model's curve read again from its trades. */
export async function readCurve(database: Database, ledger: Ledger, signal: AbortSignal): Promise<Curve> {
  return await withSnapshot(database, signal, (snapshot) => walkLedger(snapshot, ledger));
}

async function walkLedger({ pages }: Snapshot, { model, start, asOf }: Ledger): Promise<Curve> {
  const curve = startCurve(start);
  for await (const page of pages<{ id: string; pnl: string; time: string }>(LEDGER, [model, asOf])) {
    for (const { id, pnl, time } of page) {
      addTrade(curve, { time: Number(time), id, pnl: toUnits(pnl) });
    }
  }
  return curve;
}
