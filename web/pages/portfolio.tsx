import { render } from "preact";
import { openConnection } from "../board/connection.ts";
import { createPrices } from "../board/prices.ts";
import { createPortfolioFeed } from "../portfolio/follow-portfolios.ts";
import { PortfolioPage } from "../portfolio/portfolio-page.tsx";

const prices = createPrices();
const feed = createPortfolioFeed(prices);
const connection = openConnection(["portfolios", "prices"], prices, feed.start);

render(<PortfolioPage connection={connection} feed={feed} prices={prices} />, document.body);
