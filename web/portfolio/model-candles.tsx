import { useEffect, useMemo, useState } from "preact/hooks";
import { useChanges } from "../board/changes.ts";
import { Choice } from "../board/choice.tsx";
import type { Prices } from "../board/prices.ts";
import { INTERVAL_CHOICES, type Interval } from "../chart/candle.ts";
import { CandlesChart } from "../chart/candles-chart.tsx";
import { createCandleFeed } from "../chart/follow-candles.ts";
import type { Trade } from "../client/index.ts";
import { tradeMarkers } from "./trade-markers.ts";

/** A model's trades on the candles of what it traded. */
export function ModelCandles({ trades, prices }: { trades: readonly Trade[]; prices: Prices }) {
  const candles = useMemo(() => createCandleFeed(prices), [prices]);
  useEffect(() => candles.end, [candles]);
  useChanges(prices, candles);
  const [chosen, choose] = useState("");
  const [interval, setInterval] = useState<Interval>("1m");
  const priced = prices.all().map(({ symbol }) => symbol);
  const traded = trades.find((trade) => priced.includes(trade.symbol))?.symbol ?? "";
  const symbol = chosen || traded || (priced[0] ?? "");
  useEffect(() => {
    // What was traded last when the page was opened stays, or each trade would turn the chart over.
    if (chosen === "") choose(traded);
  }, [chosen, traded]);
  useEffect(() => {
    if (symbol !== "") candles.choose(symbol, interval);
  }, [symbol, interval]);
  const { shown } = candles;
  // Markers change with a trade or a new candle, and not with each price.
  const markers = useMemo(
    () =>
      shown === undefined
        ? []
        : tradeMarkers(
            trades.filter((trade) => trade.symbol === shown.symbol),
            shown.candles,
            shown.interval,
          ),
    [trades, shown?.symbol, shown?.interval, shown?.candles.length],
  );

  return (
    <section class="panel model-candles" aria-labelledby="model-candles">
      <h2 id="model-candles">Trades on the candles</h2>
      {shown === undefined ? (
        <p class="chart-place">{priced.length === 0 ? "No prices yet: candles need a feed." : ""}</p>
      ) : (
        <CandlesChart {...shown} markers={markers}>
          <label>
            <span class="visually-hidden">Symbol of the candles</span>
            <select value={symbol} onChange={(event) => choose(event.currentTarget.value)}>
              {priced.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <Choice
            label="Length of a candle"
            options={INTERVAL_CHOICES}
            chosen={interval}
            onChoose={setInterval}
          />
        </CandlesChart>
      )}
      <footer>
        {shown !== undefined && markers.length === 0
          ? `No trade of ${shown.symbol} within these candles.`
          : "Arrows: entries at the time they were opened; dots: closes."}
      </footer>
    </section>
  );
}
