import { useChanges } from "../board/changes.ts";
import type { Connection } from "../board/connection.ts";
import { ModelName } from "../board/figures.tsx";
import { Header } from "../board/header.tsx";
import { curlLine, EmptyState, RefusedNotice, TroubleNotice } from "../board/notices.tsx";
import { PriceStrip } from "../board/price-strip.tsx";
import type { Prices } from "../board/prices.ts";
import { EquityChart } from "./equity-chart.tsx";
import type { BoardPortfolio, PortfolioFeed } from "./follow-portfolios.ts";
import { PortfolioCard } from "./portfolio-card.tsx";

/** More lines than this nobody can tell apart; every model has a chart of its own below. */
const MOST_LINES = 8;
const RACE_HEIGHT = 18;
const FIRST_REPORT = {
  model: "my-model",
  balance: 10_000,
  positions: [{ symbol: "BTC", qty: 0.1, avg_price: 65_000 }],
};

export interface PortfolioPageProps {
  connection: Connection;
  feed: PortfolioFeed;
  prices: Prices;
}

/** What every model holds and is worth. */
export function PortfolioPage({ connection, feed, prices }: PortfolioPageProps) {
  useChanges(connection, feed);
  const { portfolios, isLoaded } = feed;
  const byEquity = portfolios.toSorted((a, b) => b.equity - a.equity);
  return (
    <div class="page portfolio-page">
      <Header state={connection.state} path="/portfolio" />
      <PriceStrip prices={prices} />
      <main>
        <h1 class="visually-hidden">Portfolios</h1>
        <TroubleNotice trouble={connection.trouble ?? feed.trouble} what="The portfolios" />
        <RefusedNotice sentence={connection.refused} />
        {portfolios.length > 1 && <Race best={byEquity.slice(0, MOST_LINES)} of={portfolios.length} />}
        {portfolios.length > 0 && (
          <div class="cards">
            {portfolios.map((portfolio) => (
              <PortfolioCard
                key={portfolio.model}
                portfolio={portfolio}
                rank={byEquity.indexOf(portfolio) + 1}
              />
            ))}
          </div>
        )}
        {portfolios.length === 0 && !isLoaded && <p class="waiting">Loading the portfolios…</p>}
        {portfolios.length === 0 && isLoaded && (
          <EmptyState
            title="No model has reported a portfolio yet."
            text="Paste this into a terminal: the portfolio shows here the moment it is accepted."
            command={curlLine("/api/portfolio", FIRST_REPORT)}
          />
        )}
      </main>
    </div>
  );
}

function Race({ best, of }: { best: readonly BoardPortfolio[]; of: number }) {
  const curves = best.map(({ model, curve }) => ({ model, points: curve }));
  return (
    <section class="race" aria-labelledby="race">
      <h2 id="race">
        Equity
        {of > best.length && (
          <small>
            {" "}
            the {best.length} highest of {of}
          </small>
        )}
      </h2>
      <EquityChart curves={curves} height={RACE_HEIGHT} hasLabels />
      <ul class="legend" aria-hidden="true">
        {best.map(({ model }) => (
          <li key={model}>
            <ModelName model={model} />
          </li>
        ))}
      </ul>
    </section>
  );
}
