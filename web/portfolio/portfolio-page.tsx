import { useState } from "preact/hooks";
import { fromAddress, toAddress } from "../board/address.ts";
import { useChanges } from "../board/changes.ts";
import { useNow } from "../board/clock.ts";
import type { Connection } from "../board/connection.ts";
import type { EquityCurves } from "../board/equity-curves.ts";
import type { LeaderboardFeed } from "../board/follow-leaderboard.ts";
import { curlLine, EmptyState } from "../board/notices.tsx";
import { Page } from "../board/page.tsx";
import type { Prices } from "../board/prices.ts";
import { Race } from "../chart/race.tsx";
import { type BoardModel, boardModels } from "./board-model.ts";
import type { ModelFeed } from "./follow-model.ts";
import type { PortfolioFeed } from "./follow-portfolios.ts";
import { ModelView } from "./model-view.tsx";
import { PortfolioCard } from "./portfolio-card.tsx";

/** More lines than this nobody can tell apart; every model has a curve of its own below. */
const MOST_LINES = 10;
const FIRST_REPORT = {
  model: "my-model",
  balance: 10_000,
  positions: [{ symbol: "BTC", qty: 0.1, avg_price: 65_000 }],
};

export interface PortfolioPageProps {
  connection: Connection;
  feed: PortfolioFeed;
  ranking: LeaderboardFeed;
  curves: EquityCurves;
  one: ModelFeed;
  prices: Prices;
}

/** What the models hold and are worth: all of them, or one in full. */
export function PortfolioPage({ connection, feed, ranking, curves, one, prices }: PortfolioPageProps) {
  useChanges(feed, ranking, curves);
  const now = useNow();
  const [chosen, setChosen] = useState(fromAddress("model") ?? "");
  const models = boardModels(feed.portfolios, ranking.rows, curves.get, now);
  const names = models.map(({ model }) => model);
  const choose = (model: string) => {
    setChosen(model);
    toAddress({ model });
  };
  return (
    <Page
      name="portfolio"
      connection={connection}
      prices={prices}
      trouble={feed.trouble ?? ranking.trouble ?? curves.trouble ?? one.trouble}
      what="The portfolios"
    >
      <form class="filters" aria-label="Choose a model" onSubmit={(event) => event.preventDefault()}>
        <label>
          <span>Model</span>
          <select name="model" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">all</option>
            {(chosen === "" || names.includes(chosen) ? names : [chosen, ...names]).map((model) => (
              <option key={model} value={model}>
                {model}
              </option>
            ))}
          </select>
        </label>
      </form>
      {chosen === "" ? (
        <AllModels models={models} isLoaded={feed.isLoaded} now={now} />
      ) : (
        <ModelView
          key={chosen}
          model={chosen}
          known={models.find(({ model }) => model === chosen)}
          feed={one}
          prices={prices}
        />
      )}
    </Page>
  );
}

interface AllModelsProps {
  models: readonly BoardModel[];
  isLoaded: boolean;
  /** The service's time, Unix milliseconds. */
  now: number;
}

function AllModels({ models, isLoaded, now }: AllModelsProps) {
  if (models.length === 0 && !isLoaded) return <p class="waiting">Loading the portfolios…</p>;
  if (models.length === 0) {
    return (
      <EmptyState
        title="No model has reported a portfolio yet."
        text="Paste this into a terminal: the portfolio shows here the moment it is accepted."
        command={curlLine("/api/portfolio", FIRST_REPORT)}
      />
    );
  }
  const best = models.toSorted((a, b) => b.equity - a.equity).slice(0, MOST_LINES);
  return (
    <>
      {models.length > 1 && (
        <Race
          curves={best.map(({ model, curve }) => ({ model, points: curve }))}
          of={models.length}
          now={now}
        />
      )}
      <div class="cards">
        {models.map((of) => (
          <PortfolioCard key={of.model} of={of} />
        ))}
      </div>
    </>
  );
}
