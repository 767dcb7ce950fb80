import { knownModelName, momentOut, queryNumber, sequence } from "./common.ts";
import { rankCursor } from "./cursor.ts";
import { decimalOrNullOut, decimalOut } from "./decimal.ts";
import { z } from "./zod.ts";

const MAX_ROWS = 1000;

export const leaderboardQuery = z.strictObject({
  limit: queryNumber(1, MAX_ROWS, MAX_ROWS),
  cursor: rankCursor.optional(),
});
export const analyticsQuery = z.strictObject({});
export const analyticsParams = z.object({ model: knownModelName });

const what = (description: string) => decimalOut.openapi({ description });
const whatOrNull = (description: string) => decimalOrNullOut.openapi({ description });
const percent = (description: string) => whatOrNull(`percent; ${description}`);
const asOf = sequence.openapi({ description: "everything up to this seq of the tape counts, nothing after" });

const sharpe = whatOrNull(
  "of daily (UTC) ledger returns, × √365; null under two days and where all returns are equal",
);
const maxDrawdown = percent(
  "deepest fall from a peak, as a positive number: of ledger equity, trade by trade, or where it is larger of reported equity, as it was valued with each report; the starting balance is the first peak; null where equity was never above 0",
);

export const leaderboardRow = z
  .object({
    rank: z.int().positive(),
    model: z.string(),
    equity: what("reported equity where a portfolio was reported, else ledger equity"),
    ledger_equity: what("starting balance + Σ pnl of closed trades"),
    reported_equity: whatOrNull("reported balance + Σ qty × (live price − avg_price)"),
    divergence: whatOrNull("reported − ledger equity; null without a report"),
    return_pct: percent("of the starting balance; null where that is 0"),
    realized_pnl: what("Σ pnl of closed trades"),
    fees: what("Σ fee of closed trades"),
    trades: z.int().nonnegative().openapi({ description: "closed trades" }),
    win_rate: percent("share of closed trades with pnl > 0; null without one"),
    max_drawdown_pct: maxDrawdown,
    sharpe,
    last_trade_at: momentOut.nullable().openapi({ description: "when it last made or closed a trade" }),
    stale: z.boolean().openapi({ description: "a price in reported_equity is missing or older than 60 s" }),
  })
  .openapi("LeaderboardRow");

export const leaderboardAnswer = z
  .object({ leaderboard: z.array(leaderboardRow), as_of_seq: asOf, timestamp: momentOut })
  .openapi("Leaderboard");

export const modelAnalytics = z
  .object({
    model: z.string(),
    trades: z.int().nonnegative().openapi({ description: "closed trades; only they count here" }),
    realized_pnl: what("Σ pnl"),
    gross_pnl: what("Σ (exit_price − price) × qty, × −1 for a sell; pnl + fee where no exit_price is known"),
    fees: what("Σ fee"),
    win_rate: percent("share of trades with pnl > 0"),
    avg_pnl: whatOrNull("mean pnl"),
    avg_win: whatOrNull("mean pnl of trades with pnl > 0"),
    avg_loss: whatOrNull("mean pnl of trades with pnl < 0"),
    biggest_gain: whatOrNull("highest pnl of a trade"),
    biggest_loss: whatOrNull("lowest pnl of a trade"),
    avg_notional: whatOrNull("mean of price × qty"),
    median_notional: whatOrNull("median of price × qty"),
    avg_holding_minutes: whatOrNull("mean of closed_at − opened_at, where both are known"),
    median_holding_minutes: whatOrNull("median of the same"),
    long_trades: z.int().nonnegative().openapi({ description: "side buy" }),
    short_trades: z.int().nonnegative().openapi({ description: "side sell" }),
    profit_factor: whatOrNull("Σ wins ÷ |Σ losses|; null without a loss"),
    sharpe,
    max_drawdown_pct: maxDrawdown,
    as_of_seq: asOf,
  })
  .openapi("ModelAnalytics");
