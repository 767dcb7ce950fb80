import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Change } from "../board/figures.tsx";
import { absoluteTime, percentSize, price, quantity } from "../board/format.ts";
import type { Candle, Interval, Marker } from "./candle.ts";
import { ChartFrame } from "./chart-frame.tsx";
import type { CandlesDrawing } from "./draw-candles.ts";

export interface CandlesChartProps {
  symbol: string;
  interval: Interval;
  /** Oldest first. */
  candles: readonly Candle[];
  /** In the order of time, each at the start of a candle. */
  markers: readonly Marker[];
  /** What the reader can choose, in the line above the chart. */
  children: ComponentChildren;
}

/** Candles, with the figures of the one under the pointer, or of the last one, above. */
export function CandlesChart({ symbol, interval, candles, markers, children }: CandlesChartProps) {
  const [pointed, setPointed] = useState<Candle>();
  const read = pointed ?? candles.at(-1);
  return (
    <>
      <div class="candle-bar">
        {children}
        <p class="candle-reading" aria-hidden="true">
          {read !== undefined && <Reading candle={read} />}
        </p>
      </div>
      <ChartFrame<CandlesDrawing>
        summary={inWords(symbol, interval, candles, markers)}
        make={(drawings, box) => drawings.drawCandles(box, setPointed)}
        update={(drawing) => drawing.show(candles, markers, `${symbol} ${interval}`)}
        changes={[candles, markers]}
      />
    </>
  );
}

function Reading({ candle }: { candle: Candle }) {
  const { t, open, high, low, close, volume } = candle;
  return (
    <>
      <span class="of">{absoluteTime(new Date(t).toISOString())}</span>
      <span>
        O <b>{price(open)}</b>
      </span>
      <span>
        H <b>{price(high)}</b>
      </span>
      <span>
        L <b>{price(low)}</b>
      </span>
      <span>
        C <b>{price(close)}</b>
      </span>
      <span class="of">
        Vol <b>{quantity(volume)}</b>
      </span>
      <Change value={open === 0 ? 0 : (close / open - 1) * 100} format={percentSize} />
    </>
  );
}

function inWords(
  symbol: string,
  interval: Interval,
  candles: readonly Candle[],
  markers: readonly Marker[],
): string {
  const first = candles[0];
  const last = candles.at(-1);
  if (first === undefined || last === undefined) return `${symbol}: no candle yet.`;
  const high = candles.reduce((most, candle) => Math.max(most, candle.high), first.high);
  const low = candles.reduce((least, candle) => Math.min(least, candle.low), first.low);
  const since = absoluteTime(new Date(first.t).toISOString());
  const trades = markers.length === 0 ? "" : ` ${markers.length} markers of trades.`;
  return `${symbol}: ${candles.length} candles of ${interval} since ${since}, from ${price(first.open)} to ${price(last.close)}, highest ${price(high)}, lowest ${price(low)}.${trades}`;
}
