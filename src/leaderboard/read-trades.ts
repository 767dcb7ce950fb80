import { toUnits } from "../contracts/units.ts";
import type { Database } from "../platform/postgres/database.ts";
import { withSnapshot } from "../platform/postgres/snapshot.ts";
import { addTrade, type Curve, startCurve } from "./curve.ts";
import type { ModelScore } from "./model-score.ts";
import type { Scoreboard } from "./scoreboard.ts";

const ms = (moment: string) => `round(extract(epoch FROM ${moment}) * 1000)::bigint`;
const CLOSED_AT = `coalesce(closed_at, "timestamp")`;

const HEAD = "SELECT seq, epoch FROM tape_head WHERE id = 1";
const PORTFOLIOS = `SELECT model, seq, starting_balance,
  json_build_object('balance', balance, 'positions', positions)::text AS body FROM portfolios`;
const OPEN = `SELECT model, max(${ms(`"timestamp"`)}) AS made FROM trades WHERE status = 'open' GROUP BY model`;
const CLOSED = `SELECT model, seq, pnl, fee, ${ms(`"timestamp"`)} AS made, ${ms(CLOSED_AT)} AS closed
  FROM trades WHERE status = 'closed' ORDER BY model, closed, seq`;
// A closed trade never changes, so those with a seq up to $2 are the ledger as it was at $2.
const LEDGER = `SELECT seq, pnl, ${ms(CLOSED_AT)} AS closed
  FROM trades WHERE model = $1 AND status = 'closed' AND seq <= $2::bigint ORDER BY closed, seq`;

/** PostgreSQL's NUMERIC and BIGINT come as text. */
interface ClosedRow {
  model: string;
  seq: string;
  pnl: string;
  fee: string;
  made: string;
  closed: string;
}

export interface RebuiltBoard {
  epoch: string;
  asOf: number;
  scores: ModelScore[];
}

/** All scores worked out anew from the tables, in one snapshot, by adding the trades in the ledger's order. */
export async function rebuildBoard(
  database: Database,
  board: Pick<Scoreboard, "newScore">,
  signal: AbortSignal,
): Promise<RebuiltBoard> {
  return await withSnapshot(database, signal, async ({ rows, pages }) => {
    const [head] = await rows<{ seq: string; epoch: string }>(HEAD);
    if (head === undefined) throw new Error("the tape has no head row");
    const scores = new Map<string, ModelScore>();
    const scoreOf = (model: string) => {
      const known = scores.get(model) ?? board.newScore(model);
      scores.set(model, known);
      return known;
    };
    // Before the trades: a report says what they start from.
    const portfolios = await rows<{ model: string; seq: string; starting_balance: string; body: string }>(
      PORTFOLIOS,
    );
    for (const { model, seq, starting_balance, body } of portfolios) {
      scoreOf(model).noteReport({ seq: Number(seq), body }, toUnits(starting_balance));
    }
    for (const { model, made } of await rows<{ model: string; made: string }>(OPEN)) {
      const time = Number(made);
      scoreOf(model).noteTrade({ isClosed: false, time, timestamp: time, pnl: 0n, fee: 0n }, 0);
    }
    for await (const page of pages<ClosedRow>(CLOSED)) {
      for (const { model, seq, pnl, fee, made, closed } of page) {
        const times = { time: Number(closed), timestamp: Number(made) };
        const amounts = { pnl: toUnits(pnl), fee: toUnits(fee) };
        scoreOf(model).noteTrade({ isClosed: true, ...times, ...amounts }, Number(seq));
      }
    }
    return { epoch: head.epoch, asOf: Number(head.seq), scores: [...scores.values()] };
  });
}

/** A model's curve over its trades up to `asOf`, read in the ledger's order. @param start as in `startCurve`. */
export async function readCurve(
  database: Database,
  { model, start, asOf }: { model: string; start: bigint; asOf: number },
  signal: AbortSignal,
): Promise<Curve> {
  return await withSnapshot(database, signal, async ({ pages }) => {
    const curve = startCurve(start);
    for await (const page of pages<Pick<ClosedRow, "seq" | "pnl" | "closed">>(LEDGER, [model, asOf])) {
      for (const { seq, pnl, closed } of page) {
        addTrade(curve, { time: Number(closed), seq: Number(seq), pnl: toUnits(pnl) });
      }
    }
    return curve;
  });
}
