import type { ClosedTrades } from "./closed-trades.ts";
import type { Curve } from "./curve.ts";
import { Exact, maxDrawdown, percentage, ratio, sharpe } from "./ratios.ts";

const MINUTE_MS = 60_000;

/**
 * A model's figures over its closed trades as JSON text's fields, in the contract's order. Sums and extremes are exact;
 * means, medians of holding times and ratios have 20 significant digits. What has no defined value is null.
 */
export function analyticsFields(closed: ClosedTrades, curve: Curve): string {
  const { trades, wins, losses, held, won, lost } = closed;
  const fields: [string, string | number | null][] = [
    ["trades", trades],
    ["realized_pnl", exact(closed.realized_pnl)],
    ["gross_pnl", exact(closed.gross_pnl)],
    ["fees", exact(closed.fees)],
    ["win_rate", percentage(wins, trades)],
    ["avg_pnl", ratio(closed.realized_pnl, trades)],
    ["avg_win", ratio(won, wins)],
    ["avg_loss", ratio(lost, losses)],
    ["biggest_gain", exact(closed.biggest_gain)],
    ["biggest_loss", exact(closed.biggest_loss)],
    ["avg_notional", ratio(closed.notional, trades)],
    ["median_notional", median(closed.notional_low, closed.notional_high)],
    ["avg_holding_minutes", ratio(closed.holding_ms, held * MINUTE_MS)],
    ["median_holding_minutes", minutes(median(closed.holding_low_ms, closed.holding_high_ms))],
    ["long_trades", closed.long_trades],
    ["short_trades", closed.short_trades],
    ["profit_factor", ratio(won, new Exact(lost).abs())],
    ["sharpe", sharpe(curve)],
    ["max_drawdown_pct", maxDrawdown(curve)],
  ];
  return fields.map(([name, value]) => `"${name}":${value}`).join(",");
}

/** The mean of the middle two; exact. */
function median(low: string | null, high: string | null): string | null {
  return low === null || high === null ? null : new Exact(low).plus(high).div(2).toString();
}

const minutes = (ms: string | null) => (ms === null ? null : ratio(ms, MINUTE_MS));

/** NUMERIC keeps the zeros of its scale; the contract's spelling has none. */
const exact = (text: string | null) => (text === null ? null : new Exact(text).toString());
