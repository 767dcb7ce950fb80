import { PRODUCT_DECIMALS, toText, toUnits } from "../contracts/units.ts";
import type { Curve } from "./score/curve.ts";
import { deeperFall, type Fall } from "./score/fall.ts";
import { maxDrawdown, percentage, ratio, sharpe } from "./score/ratios.ts";
import type { TradeSums } from "./score/trade-sums.ts";

const MINUTE_MS = 60_000n;
const ONE = toUnits("1");
const ONE_PRODUCT = toUnits("1", PRODUCT_DECIMALS);

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
  const { trades, wins, losses, held, realized, won, lost } = sums;
  const mean = (sum: bigint, count: number, one = ONE) => ratio(sum, BigInt(count) * one);
  const text = (units: bigint | null) => units && toText(units);
  const fields: [string, string | number | bigint | null][] = [
    ["trades", trades],
    ["realized_pnl", toText(realized)],
    ["gross_pnl", toText(sums.gross, PRODUCT_DECIMALS)],
    ["fees", toText(sums.fees)],
    ["win_rate", percentage(BigInt(wins), BigInt(trades))],
    ["avg_pnl", mean(realized, trades)],
    ["avg_win", mean(won, wins)],
    ["avg_loss", mean(lost, losses)],
    ["biggest_gain", text(sums.biggestGain)],
    ["biggest_loss", text(sums.biggestLoss)],
    ["avg_notional", mean(sums.notional, trades, ONE_PRODUCT)],
    // Of the middle two, exact: their mean has one digit more than they have.
    ["median_notional", notionals && toText((notionals[0] + notionals[1]) * 5n, PRODUCT_DECIMALS + 1)],
    ["avg_holding_minutes", mean(sums.heldMs, held, MINUTE_MS)],
    ["median_holding_minutes", holdings && ratio(holdings[0] + holdings[1], 2n * MINUTE_MS)],
    ["long_trades", sums.longs],
    ["short_trades", sums.shorts],
    ["profit_factor", ratio(won, -lost)],
    ["sharpe", sharpe(curve)],
    ["max_drawdown_pct", maxDrawdown(deeperFall(curve.fall, reportedFall ?? undefined))],
  ];
  return fields.map(([name, value]) => `"${name}":${value}`).join(",");
}
