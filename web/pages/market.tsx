import { render } from "preact";
import { openConnection } from "../board/connection.ts";
import { createPrices } from "../board/prices.ts";
import { createCandleFeed } from "../chart/follow-candles.ts";
import { createMarketFeed } from "../market/follow-markets.ts";
import { MarketPage } from "../market/market-page.tsx";

const prices = createPrices();
const feed = createMarketFeed(prices);
const candles = createCandleFeed(prices);
const connection = openConnection(["prices"], prices, (client) => {
  client.on("reset", candles.reload);
  feed.start(client);
});

render(<MarketPage connection={connection} feed={feed} candles={candles} prices={prices} />, document.body);
