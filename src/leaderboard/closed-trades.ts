import type { Database, Statement } from "../platform/postgres/database.ts";

/** Exact sums over a model's closed trades; decimals are text as NUMERIC gives it, null where there is no such trade. */
export interface ClosedTrades {
  trades: number;
  wins: number;
  losses: number;
  long_trades: number;
  short_trades: number;
  realized_pnl: string;
  gross_pnl: string;
  fees: string;
  won: string;
  lost: string;
  biggest_gain: string | null;
  biggest_loss: string | null;
  notional: string;
  /** The middle row, or of an even number the middle two. */
  notional_low: string | null;
  notional_high: string | null;
  /** Trades whose opening and close are known, and how long they were held in milliseconds. */
  held: number;
  holding_ms: string;
  holding_low_ms: string | null;
  holding_high_ms: string | null;
}

const middle = (column: string, which: "min" | "max") =>
  `(SELECT ${which}(${column}) FROM ${column}_ranked WHERE place IN ((number + 1) / 2, (number + 2) / 2))`;
const ranked = (column: string) => `${column}_ranked AS (
    SELECT ${column}, row_number() OVER (ORDER BY ${column}) AS place, count(*) OVER () AS number
    FROM closed WHERE ${column} IS NOT NULL
  )`;

// A closed trade never changes, so those with a seq up to $2 are what there was at $2. Without an exit price a trade has
// no gross PnL of its own: it is then what remains when the fee is given back.
const SUMS: Statement = {
  name: "sum-closed-trades",
  text: `
  WITH closed AS MATERIALIZED (
    SELECT side, pnl, fee, price * qty AS notional,
      CASE WHEN exit_price IS NULL THEN pnl + fee
           WHEN side = 'buy' THEN (exit_price - price) * qty
           ELSE (price - exit_price) * qty END AS gross,
      round(extract(epoch FROM closed_at - opened_at) * 1000)::bigint AS held_ms
    FROM trades WHERE model = $1 AND status = 'closed' AND seq <= $2::bigint
  ),
  ${ranked("notional")},
  ${ranked("held_ms")}
  SELECT count(*)::int AS trades,
    count(*) FILTER (WHERE pnl > 0)::int AS wins,
    count(*) FILTER (WHERE pnl < 0)::int AS losses,
    count(*) FILTER (WHERE side = 'buy')::int AS long_trades,
    count(*) FILTER (WHERE side = 'sell')::int AS short_trades,
    coalesce(sum(pnl), 0) AS realized_pnl,
    coalesce(sum(gross), 0) AS gross_pnl,
    coalesce(sum(fee), 0) AS fees,
    coalesce(sum(pnl) FILTER (WHERE pnl > 0), 0) AS won,
    coalesce(sum(pnl) FILTER (WHERE pnl < 0), 0) AS lost,
    max(pnl) AS biggest_gain,
    min(pnl) AS biggest_loss,
    coalesce(sum(notional), 0) AS notional,
    ${middle("notional", "min")} AS notional_low,
    ${middle("notional", "max")} AS notional_high,
    count(held_ms)::int AS held,
    coalesce(sum(held_ms), 0)::numeric AS holding_ms,
    ${middle("held_ms", "min")} AS holding_low_ms,
    ${middle("held_ms", "max")} AS holding_high_ms
  FROM closed`,
};

/** Sums a model's closed trades as they were at a seq of the tape, in NUMERIC. */
export async function sumClosedTrades(
  database: Database,
  model: string,
  asOf: number,
): Promise<ClosedTrades> {
  const [row] = await database.run<ClosedTrades>(SUMS, [model, asOf]);
  return row as ClosedTrades;
}
