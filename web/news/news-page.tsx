import { useState } from "preact/hooks";
import { fromAddress, toAddress } from "../board/address.ts";
import { useChanges } from "../board/changes.ts";
import type { Connection } from "../board/connection.ts";
import { curlLine, EmptyState } from "../board/notices.tsx";
import { Page } from "../board/page.tsx";
import type { Prices } from "../board/prices.ts";
import { coinMoods } from "./coin-moods.ts";
import { CoinTable } from "./coin-table.tsx";
import type { NewsFeed } from "./follow-news.ts";
import type { SentimentFeed } from "./follow-sentiments.ts";
import { Headlines } from "./headlines.tsx";
import { PostedTexts } from "./posted-texts.tsx";

const FIRST_TEXT = {
  text: "Bitcoin rallies to a new high as inflows surge",
  symbol: "BTC",
  model: "my-model",
};

export interface NewsPageProps {
  connection: Connection;
  news: NewsFeed;
  posted: SentimentFeed;
  prices: Prices;
}

/** What is written about the coins, and how it sounds. */
export function NewsPage({ connection, news, posted, prices }: NewsPageProps) {
  useChanges(news, posted);
  const [coin, setCoin] = useState(fromAddress("symbol")?.toUpperCase() ?? "");
  const { articles } = news;
  const { sentiments } = posted;
  const isEmpty = articles.length === 0 && sentiments.length === 0;
  // Both at once, for the second would push the first aside; but one alone where the other does not come.
  const trouble = news.trouble ?? posted.trouble;
  const isLoaded = (news.isLoaded && posted.isLoaded) || (!isEmpty && trouble !== undefined);
  const choose = (symbol: string) => {
    setCoin(symbol);
    toAddress({ symbol });
  };

  return (
    <Page name="news" connection={connection} prices={prices} trouble={trouble} what="The news">
      {!isLoaded && <p class="waiting">Loading the news…</p>}
      {isEmpty && isLoaded && (
        <EmptyState
          title="Nothing has been written yet."
          text="Headlines come from the feeds that NEWS_FEEDS names. A text can also be scored right now: paste this into a terminal."
          command={curlLine("/api/sentiment", FIRST_TEXT)}
        />
      )}
      {!isEmpty && isLoaded && (
        <div class="news">
          <Headlines
            articles={coin === "" ? articles : articles.filter(({ coins }) => coins.includes(coin))}
            coin={coin}
            onChoose={choose}
          />
          <div class="beside">
            <CoinTable moods={coinMoods(news.perCoin, sentiments)} chosen={coin} onChoose={choose} />
            <PostedTexts
              sentiments={coin === "" ? sentiments : sentiments.filter(({ symbol }) => symbol === coin)}
              coin={coin}
            />
          </div>
        </div>
      )}
    </Page>
  );
}
