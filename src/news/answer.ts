import { type CoinSentiment, sentimentPerCoin } from "./coin-sentiment.ts";
import type { NewsArticle } from "./combine-feeds.ts";

/** An article as clients see it, as JSON text. */
export function articleText({
  source,
  title,
  link,
  published,
  description,
  sentiment,
  coins,
}: NewsArticle): string {
  const { label, confidence } = sentiment;
  return JSON.stringify({
    source,
    title,
    link,
    published,
    description,
    sentiment: { label, confidence },
    coins,
  });
}

export interface NewsQuestion {
  /** Absent: all articles. */
  symbol: string | undefined;
  /** False where the feeds were looked at for this answer. */
  cached: boolean;
  /** ISO 8601 UTC. */
  timestamp: string;
}

/** Builds answers from the newest articles; what does not change between two answers is built once. */
export function answerBuilder(): (articles: readonly NewsArticle[], question: NewsQuestion) => string {
  let built: readonly NewsArticle[] | undefined;
  let perCoin: Record<string, CoinSentiment> = {};
  let start = "";
  return (articles, { symbol, cached, timestamp }) => {
    if (built !== articles) {
      perCoin = sentimentPerCoin(articles);
      start = startOf(articles, perCoin);
      built = articles;
    }
    const tail = `,"cached":${cached},"timestamp":"${timestamp}"}`;
    if (symbol === undefined) return start + tail;
    const own = perCoin[symbol];
    const named = own === undefined ? [] : articles.filter(({ coins }) => coins.includes(symbol));
    return startOf(named, own === undefined ? {} : { [symbol]: own }) + tail;
  };
}

function startOf(articles: readonly NewsArticle[], perCoin: Record<string, CoinSentiment>): string {
  const texts = articles.map(articleText).join(",");
  return `{"count":${articles.length},"articles":[${texts}],"sentimentPerCoin":${JSON.stringify(perCoin)}`;
}
