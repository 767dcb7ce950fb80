import { render } from "preact";
import { openConnection } from "../board/connection.ts";
import { createPrices } from "../board/prices.ts";
import { createNewsFeed } from "../news/follow-news.ts";
import { createSentimentFeed } from "../news/follow-sentiments.ts";
import { NewsPage } from "../news/news-page.tsx";

const prices = createPrices();
const news = createNewsFeed();
const posted = createSentimentFeed();
const connection = openConnection(["news", "sentiments", "prices"], prices, (client) => {
  news.start(client);
  posted.start(client);
});

render(<NewsPage connection={connection} news={news} posted={posted} prices={prices} />, document.body);
