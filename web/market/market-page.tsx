import { useEffect, useState } from "preact/hooks";
import { fromAddress, toAddress } from "../board/address.ts";
import { useChanges } from "../board/changes.ts";
import { Choice } from "../board/choice.tsx";
import { useNow } from "../board/clock.ts";
import type { Connection } from "../board/connection.ts";
import { curlLine, EmptyState } from "../board/notices.tsx";
import { Page } from "../board/page.tsx";
import type { Prices } from "../board/prices.ts";
import { INTERVAL_CHOICES, INTERVALS, type Interval } from "../chart/candle.ts";
import { CandlesChart } from "../chart/candles-chart.tsx";
import type { CandleFeed } from "../chart/follow-candles.ts";
import type { MarketFeed } from "./follow-markets.ts";
import { MarketFigures } from "./market-figures.tsx";
import { MarketTiles } from "./market-tiles.tsx";

const NO_MARKERS = [] as const;

export interface MarketPageProps {
  connection: Connection;
  feed: MarketFeed;
  candles: CandleFeed;
  prices: Prices;
}

/** Prices: candles of one symbol, and the last day of all of them. */
export function MarketPage({ connection, feed, candles, prices }: MarketPageProps) {
  useChanges(feed, candles);
  const now = useNow();
  const [wanted, setWanted] = useState(fromAddress("symbol")?.toUpperCase());
  const [interval, setInterval] = useState<Interval>(
    INTERVALS.find((value) => value === fromAddress("interval")) ?? "1m",
  );
  const { markets, isLoaded } = feed;
  const market = markets.find(({ symbol }) => symbol === wanted) ?? markets[0];
  const symbol = market?.symbol ?? "";
  useEffect(() => {
    if (symbol !== "") candles.choose(symbol, interval);
  }, [symbol, interval]);
  const change = (next: { symbol: string; interval: Interval }) => {
    setWanted(next.symbol);
    setInterval(next.interval);
    toAddress(next);
  };

  return (
    <Page
      name="market"
      connection={connection}
      prices={prices}
      trouble={feed.trouble ?? candles.trouble}
      what="The prices"
    >
      {market === undefined && !isLoaded && <p class="waiting">Loading the prices…</p>}
      {market === undefined && isLoaded && (
        <EmptyState
          title="No symbol has a price yet."
          text="Start the service with PRICE_FEED=simulated, or bring your own prices: paste this into a terminal."
          command={curlLine("/api/market/prices", { prices: [{ symbol: "BTC", price: 65_000 }] })}
        />
      )}
      {market !== undefined && (
        <div class="market">
          <MarketTiles
            markets={markets}
            chosen={symbol}
            now={now}
            onChoose={(next) => change({ symbol: next, interval })}
          />
          <section class="panel one-market" aria-label={`${symbol} candles`}>
            <MarketFigures market={market} />
            {candles.shown === undefined ? (
              <div class="chart-place" />
            ) : (
              <CandlesChart {...candles.shown} markers={NO_MARKERS}>
                <Choice
                  label="Length of a candle"
                  options={INTERVAL_CHOICES}
                  chosen={interval}
                  onChoose={(next) => change({ symbol, interval: next })}
                />
              </CandlesChart>
            )}
          </section>
        </div>
      )}
    </Page>
  );
}
