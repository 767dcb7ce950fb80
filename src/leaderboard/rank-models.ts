import type { Decimal } from "decimal.js";
import { type PriceBook, valuate } from "../portfolio/index.ts";
import type { ModelScore, Report } from "./model-score.ts";
import { Exact, exactOf, maxDrawdown, percentage, sharpe } from "./ratios.ts";
import { type Holdings, readHoldings } from "./read-entry.ts";

/** A row of the leaderboard; decimals are text, exact or rounded as `ratios.ts` says. */
export interface LeaderboardRow {
  rank: number;
  model: string;
  equity: string;
  ledger_equity: string;
  reported_equity: string | null;
  divergence: string | null;
  return_pct: string | null;
  realized_pnl: string;
  fees: string;
  trades: number;
  win_rate: string | null;
  max_drawdown_pct: string | null;
  sharpe: string | null;
  last_trade_at: string | null;
  stale: boolean;
}

/**
 * Every model by its return, the highest first, those without one last; equal ones by equity, then by name. Equity is the reported one, valued with live prices,
 * where a portfolio was reported, else the ledger's. A score whose curve is lost has no row.
 * @param now Unix milliseconds.
 */
export function rankModels(
  scores: Iterable<ModelScore>,
  prices: PriceBook,
  now = Date.now(),
): LeaderboardRow[] {
  const rows = [...scores].flatMap((score) => rowOf(score, prices, now) ?? []);
  rows.sort(
    (a, b) => compareReturns(a, b) || b.equity.comparedTo(a.equity) || (a.row.model < b.row.model ? -1 : 1),
  );
  return rows.map(({ row }, index) => ({ ...row, rank: index + 1 }));
}

interface Ranked {
  equity: Decimal;
  start: Decimal;
  row: LeaderboardRow;
}

/** Crosswise, so that no quotient is rounded: a's equity ÷ a's start against b's. A start of 0 has no return. */
function compareReturns(a: Ranked, b: Ranked): number {
  if (a.start.isZero() || b.start.isZero()) return Number(a.start.isZero()) - Number(b.start.isZero());
  return b.equity.times(a.start).comparedTo(a.equity.times(b.start));
}

function rowOf(score: ModelScore, prices: PriceBook, now: number): Ranked | undefined {
  const figures = ledgerFigures(score);
  if (figures === undefined) return undefined;
  const { start, ledger, fields } = figures;
  const reported = score.report === null ? undefined : valueReport(score.report, prices, now);
  const equity = reported?.equity ?? ledger;
  const { lastTradeAt } = score.tally;
  return {
    equity,
    start,
    row: {
      ...fields,
      rank: 0,
      model: score.model,
      equity: equity.toString(),
      reported_equity: reported?.equity.toString() ?? null,
      divergence: reported?.equity.minus(ledger).toString() ?? null,
      return_pct: percentage(equity.minus(start), start),
      last_trade_at: lastTradeAt === null ? null : new Date(lastTradeAt).toISOString(),
      stale: reported?.stale ?? false,
    },
  };
}

/** What prices do not change. */
interface LedgerFigures {
  version: number;
  start: Decimal;
  ledger: Decimal;
  fields: Pick<
    LeaderboardRow,
    "ledger_equity" | "realized_pnl" | "fees" | "trades" | "win_rate" | "max_drawdown_pct" | "sharpe"
  >;
}

/** Kept until the ledger changes: roots and quotients cost far more than a valuation. */
const ledgers = new WeakMap<ModelScore, LedgerFigures>();

function ledgerFigures(score: ModelScore): LedgerFigures | undefined {
  const { curve, tally, version } = score;
  if (curve === undefined) return undefined;
  const known = ledgers.get(score);
  if (known?.version === version) return known;
  const ledger = exactOf(curve.equity);
  const fields = {
    ledger_equity: ledger.toString(),
    realized_pnl: exactOf(tally.realized).toString(),
    fees: exactOf(tally.fees).toString(),
    trades: tally.trades,
    win_rate: percentage(tally.wins, tally.trades),
    max_drawdown_pct: maxDrawdown(curve),
    sharpe: sharpe(curve),
  };
  const figures = { version, start: exactOf(curve.start), ledger, fields };
  ledgers.set(score, figures);
  return figures;
}

/** Positions are read once a report and not once a price. */
const holdings = new WeakMap<Report, Holdings>();

function valueReport(report: Report, prices: PriceBook, now: number): { equity: Decimal; stale: boolean } {
  const held = holdings.get(report) ?? readHoldings(report.body);
  holdings.set(report, held);
  const { equity, stale } = valuate(held.balance, held.positions, prices, now);
  return { equity: new Exact(equity), stale };
}

/** Written by hand: JSON.stringify would round decimals to doubles. */
export function rowText(row: LeaderboardRow): string {
  const at = row.last_trade_at === null ? "null" : `"${row.last_trade_at}"`;
  return (
    `{"rank":${row.rank},"model":${JSON.stringify(row.model)},"equity":${row.equity},` +
    `"ledger_equity":${row.ledger_equity},"reported_equity":${row.reported_equity},` +
    `"divergence":${row.divergence},"return_pct":${row.return_pct},"realized_pnl":${row.realized_pnl},` +
    `"fees":${row.fees},"trades":${row.trades},"win_rate":${row.win_rate},` +
    `"max_drawdown_pct":${row.max_drawdown_pct},"sharpe":${row.sharpe},"last_trade_at":${at},` +
    `"stale":${row.stale}}`
  );
}
