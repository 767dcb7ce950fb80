import { scoreText } from "../sentiment/index.ts";
import { linkKey } from "./article/clean-link.ts";
import { matchCoins } from "./article/match-coins.ts";
import type { FeedItem } from "./feed/read-feed.ts";
import { KEEP_MS, type KeptArticle } from "./feed-record.ts";

/** Articles kept of one feed, listed and former ones together. */
const MAX_KEPT = 150;

/**
 * A feed's articles after a look at it. What it lists is taken as it now reads, what it no longer lists stays for
 * another 12 hours. An article that was known keeps the date it was given where the feed still gives none.
 * @param now Unix milliseconds.
 */
export function mergeFeed(
  known: readonly KeptArticle[],
  listed: readonly FeedItem[],
  now: number,
): KeptArticle[] {
  const before = new Map(known.map((article) => [linkKey(article.link), article]));
  const merged = new Map<string, KeptArticle>();
  for (const item of listed) {
    const key = linkKey(item.link);
    if (!merged.has(key)) merged.set(key, rate(item, before.get(key), now));
  }
  for (const [key, article] of before) {
    const leftAt = article.leftAt ?? now;
    if (!merged.has(key) && now - leftAt < KEEP_MS) merged.set(key, { ...article, leftAt });
  }
  return [...merged.values()].slice(0, MAX_KEPT);
}

function rate(item: FeedItem, known: KeptArticle | undefined, now: number): KeptArticle {
  const { title, link, description } = item;
  const published = item.published ?? known?.published ?? new Date(now).toISOString();
  if (known !== undefined && known.title === title && known.description === description) {
    return { ...known, link, published, leftAt: null };
  }
  const text = `${title}. ${description}`;
  const { label, score, confidence } = scoreText(text);
  const sentiment = { label, score: rounded(score), confidence: rounded(confidence) };
  return { title, link, published, description, sentiment, coins: matchCoins(text), leftAt: null };
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;
