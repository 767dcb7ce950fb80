import { render } from "preact";
import { openConnection } from "../board/connection.ts";
import { createEquityCurves } from "../board/equity-curves.ts";
import { createLeaderboardFeed } from "../board/follow-leaderboard.ts";
import { createPrices } from "../board/prices.ts";
import { LeaderboardPage } from "../leaderboard/leaderboard-page.tsx";

const prices = createPrices();
const curves = createEquityCurves();
const feed = createLeaderboardFeed(curves);
const connection = openConnection(["leaderboard", "prices"], prices, feed.start);

render(
  <LeaderboardPage connection={connection} feed={feed} curves={curves} prices={prices} />,
  document.body,
);
