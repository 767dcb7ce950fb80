import type { NewsArticle } from "./combine-feeds.ts";

export interface CoinSentiment {
  /** Mean score, −1..1. */
  avg: number;
  count: number;
  /** When the newest of the articles was published, ISO 8601 UTC. */
  updated: string;
}

/** How the articles speak of each coin that they name. */
export function sentimentPerCoin(articles: readonly NewsArticle[]): Record<string, CoinSentiment> {
  const perCoin: Record<string, { sum: number; count: number; updated: string }> = {};
  for (const { coins, sentiment, published } of articles) {
    for (const coin of coins) {
      const total = perCoin[coin] ?? { sum: 0, count: 0, updated: published };
      total.sum += sentiment.score;
      total.count++;
      if (published > total.updated) total.updated = published;
      perCoin[coin] = total;
    }
  }
  return Object.fromEntries(
    Object.entries(perCoin)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([coin, { sum, count, updated }]) => [
        coin,
        { avg: Math.round((sum / count) * 10_000) / 10_000, count, updated },
      ]),
  );
}
