import type { Decimal } from "decimal.js";
import { PRODUCT_DECIMALS, toText } from "../contracts/units.ts";
import type { Curve } from "./score/curve.ts";
import { deeperFall, type Fall } from "./score/fall.ts";
import { Exact, exactOf, maxDrawdown, percentage, ratio, sharpe } from "./score/ratios.ts";
import type { TradeSums } from "./score/trade-sums.ts";

const MINUTE_MS = 60_000;

/** The middle two of an ascending row of values, twice the same where their number is odd; null without a value. */
export type Middle = readonly [bigint, bigint] | null;

/** What a model's figures are worked out from; all of one seq. */
export interface ModelFigures {
  sums: TradeSums;
  curve: Curve;
  reportedFall: Fall | null;
  /** Of price × qty, in 10⁻³⁶. */
  notionals: Middle;
  /** Of holding times, in milliseconds. */
  holdings: Middle;
}

/**
 * A model's figures over its closed trades as JSON text's fields, in the contract's order. Sums and extremes are exact;
 * means, medians of holding times and ratios have 20 significant digits. What has no defined value is null.
 */
export function analyticsFields({ sums, curve, reportedFall, notionals, holdings }: ModelFigures): string {
  const { trades, wins, losses, held } = sums;
  const realized = exactOf(sums.realized);
  const [won, lost] = [exactOf(sums.won), exactOf(sums.lost)];
  const medianHeld = middleOf(holdings, 0);
  const fields: [string, Decimal | string | number | null][] = [
    ["trades", trades],
    ["realized_pnl", realized],
    ["gross_pnl", toText(sums.gross, PRODUCT_DECIMALS)],
    ["fees", toText(sums.fees)],
    ["win_rate", percentage(wins, trades)],
    ["avg_pnl", ratio(realized, trades)],
    ["avg_win", ratio(won, wins)],
    ["avg_loss", ratio(lost, losses)],
    ["biggest_gain", sums.biggestGain === null ? null : toText(sums.biggestGain)],
    ["biggest_loss", sums.biggestLoss === null ? null : toText(sums.biggestLoss)],
    ["avg_notional", ratio(exactOf(sums.notional, PRODUCT_DECIMALS), trades)],
    ["median_notional", middleOf(notionals, PRODUCT_DECIMALS)],
    ["avg_holding_minutes", ratio(String(sums.heldMs), held * MINUTE_MS)],
    ["median_holding_minutes", medianHeld && ratio(medianHeld, MINUTE_MS)],
    ["long_trades", sums.longs],
    ["short_trades", sums.shorts],
    ["profit_factor", ratio(won, lost.abs())],
    ["sharpe", sharpe(curve)],
    ["max_drawdown_pct", maxDrawdown(deeperFall(curve.fall, reportedFall ?? undefined))],
  ];
  return fields.map(([name, value]) => `"${name}":${value}`).join(",");
}

/** The mean of the middle two; exact. */
function middleOf(middle: Middle, decimals: number): Decimal | null {
  if (middle === null) return null;
  const [low, high] = middle.map(
    (value) => new Exact(decimals === 0 ? String(value) : toText(value, decimals)),
  );
  return low === undefined || high === undefined ? null : low.plus(high).div(2);
}
