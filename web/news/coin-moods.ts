import type { Sentiment } from "../client/index.ts";
import type { CoinSentiment } from "./follow-news.ts";

/** What is felt about a coin, from headlines and from posted texts; a mean is undefined where there is none. */
export interface CoinMood {
  symbol: string;
  headlines: CoinSentiment | undefined;
  posted: { avg: number; count: number } | undefined;
}

/** Every coin that anything was said about, the most talked about first. */
export function coinMoods(
  perCoin: Readonly<Record<string, CoinSentiment>>,
  sentiments: readonly Sentiment[],
): CoinMood[] {
  const scores = new Map<string, number[]>();
  for (const { symbol, score } of sentiments) {
    const known = scores.get(symbol);
    if (known === undefined) scores.set(symbol, [score]);
    else known.push(score);
  }
  const symbols = new Set([...Object.keys(perCoin), ...scores.keys()]);
  const count = ({ headlines, posted }: CoinMood) => (headlines?.count ?? 0) + (posted?.count ?? 0);
  return [...symbols]
    .map((symbol) => ({ symbol, headlines: perCoin[symbol], posted: meanOf(scores.get(symbol)) }))
    .sort((a, b) => count(b) - count(a) || (a.symbol < b.symbol ? -1 : 1));
}

function meanOf(scores: readonly number[] | undefined): CoinMood["posted"] {
  if (scores === undefined) return undefined;
  return { avg: scores.reduce((sum, score) => sum + score, 0) / scores.length, count: scores.length };
}
