import { type Candle, candleStart, type Interval, type Marker } from "../chart/candle.ts";
import type { Trade } from "../client/index.ts";

const KINDS = ["buy", "sell", "close"] as const;

/**
 * A model's trades at the candles of their times: an entry by its side, the close of a trade with an exit as such.
 * What lies outside the candles is left out; several of a kind at one candle become one marker with their number.
 */
export function tradeMarkers(
  trades: readonly Trade[],
  candles: readonly Candle[],
  interval: Interval,
): Marker[] {
  const counts = new Map<number, Record<Marker["kind"], number>>(
    candles.map(({ t }) => [t, { buy: 0, sell: 0, close: 0 }]),
  );
  const count = (time: string, kind: Marker["kind"]) => {
    const at = counts.get(candleStart(Date.parse(time), interval));
    if (at !== undefined) at[kind]++;
  };
  for (const { side, timestamp, opened_at, closed_at, exit_price } of trades) {
    count(opened_at ?? timestamp, side);
    if (exit_price !== null && closed_at !== null) count(closed_at, "close");
  }
  return [...counts].flatMap(([t, at]) =>
    KINDS.filter((kind) => at[kind] > 0).map((kind) => ({
      t,
      kind,
      text: at[kind] > 1 ? `${at[kind]} × ${kind}` : kind,
    })),
  );
}
