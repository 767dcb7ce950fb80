import { render } from "preact";
import { openConnection } from "../board/connection.ts";
import { createPrices } from "../board/prices.ts";
import { createTradeFeed } from "../live/follow-trades.ts";
import { LivePage } from "../live/live-page.tsx";
import { filterFromAddress } from "../live/trade-filter.ts";

const firstFilter = filterFromAddress();
const prices = createPrices();
const feed = createTradeFeed(firstFilter);
const connection = openConnection(["trades", "prices"], prices, feed.start);

render(
  <LivePage connection={connection} feed={feed} prices={prices} firstFilter={firstFilter} />,
  document.body,
);
