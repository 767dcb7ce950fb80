import { render } from "preact";
import { openConnection } from "../board/connection.ts";
import { createEquityCurves } from "../board/equity-curves.ts";
import { createLeaderboardFeed } from "../board/follow-leaderboard.ts";
import { createPrices } from "../board/prices.ts";
import { createModelFeed } from "../portfolio/follow-model.ts";
import { createPortfolioFeed } from "../portfolio/follow-portfolios.ts";
import { PortfolioPage } from "../portfolio/portfolio-page.tsx";

const prices = createPrices();
const curves = createEquityCurves();
const feed = createPortfolioFeed(prices, curves);
const ranking = createLeaderboardFeed(curves, ({ reported_equity }) => reported_equity !== null);
const one = createModelFeed();
const connection = openConnection(["portfolios", "trades", "leaderboard", "prices"], prices, (client) => {
  feed.start(client);
  ranking.start(client);
  one.start(client);
});

render(
  <PortfolioPage
    connection={connection}
    feed={feed}
    ranking={ranking}
    curves={curves}
    one={one}
    prices={prices}
  />,
  document.body,
);
