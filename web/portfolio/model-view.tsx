import { useEffect } from "preact/hooks";
import { useChanges } from "../board/changes.ts";
import { ModelName, Moment } from "../board/figures.tsx";
import type { Prices } from "../board/prices.ts";
import { CurvesChart } from "../chart/curves-chart.tsx";
import { AnalyticsPanel } from "./analytics-panel.tsx";
import type { BoardModel } from "./board-model.ts";
import type { ModelFeed } from "./follow-model.ts";
import { LatestTrades } from "./latest-trades.tsx";
import { ModelCandles } from "./model-candles.tsx";
import { ModelSums } from "./model-sums.tsx";
import { StaleTag } from "./portfolio-card.tsx";
import { Positions } from "./positions.tsx";

export interface ModelViewProps {
  model: string;
  /** Undefined for a model that nobody has heard of, or not yet. */
  known: BoardModel | undefined;
  feed: ModelFeed;
  prices: Prices;
}

/** All there is to say about one model. */
export function ModelView({ model, known, feed, prices }: ModelViewProps) {
  useChanges(feed);
  useEffect(() => feed.choose(model), [model]);
  const portfolio = known?.portfolio;
  return (
    <div class="model-view">
      <section class="panel overview" aria-labelledby="model">
        <header>
          <h2 id="model">
            <ModelName model={model} />
          </h2>
          {known?.rank !== undefined && <span class="rank">#{known.rank}</span>}
          {portfolio?.stale === true && <StaleTag />}
        </header>
        <ModelSums known={known} />
      </section>
      <div class="column">
        <section class="panel curve" aria-labelledby="curve">
          <h2 id="curve">Equity</h2>
          <CurvesChart curves={[{ model, points: known?.curve ?? [] }]} />
        </section>
        <ModelCandles trades={feed.trades} prices={prices} />
      </div>
      <div class="column">
        <section class="panel holdings" aria-labelledby="holdings">
          <h2 id="holdings">Positions</h2>
          {portfolio === undefined ? (
            <p class="flat">No portfolio reported: the equity is what its trades add up to.</p>
          ) : (
            <>
              <Positions model={model} positions={portfolio.positions} />
              <footer>
                Reported <Moment at={portfolio.last_update} inSentence />
              </footer>
            </>
          )}
        </section>
        <AnalyticsPanel analytics={feed.analytics} trouble={feed.analyticsTrouble} />
        <LatestTrades model={model} trades={feed.trades} isLoaded={feed.isLoaded} />
      </div>
    </div>
  );
}
