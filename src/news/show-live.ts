import { createHash } from "node:crypto";
import { articleText } from "./answer.ts";
import type { NewsArticle } from "./combine-feeds.ts";

/** Where live values go; the stream's. */
export interface LiveNews {
  publish(event: string, key: string, text: string): void;
  forget(event: string, key: string): void;
}

/** Whoever subscribes is sent so many at once. */
const SHOWN = 50;
/** More than there ever are at a time, with copies. */
const REMEMBERED = 5_000;

/** Shows each new article live, once, oldest first; the newest 50 stay as the channel's current values. */
export function liveNews(live: LiveNews): (articles: readonly NewsArticle[]) => void {
  const known = new Set<string>();
  const shown: string[] = [];
  return (articles) => {
    const fresh = articles.filter(({ keys }) => !keys.some((key) => known.has(key)));
    for (const { keys } of articles) for (const key of keys) remember(known, key);
    for (const article of fresh.slice(0, SHOWN).reverse()) {
      const id = createHash("sha256").update(article.link).digest("base64url").slice(0, 16);
      live.publish("news", id, articleText(article));
      shown.push(id);
    }
    for (const id of shown.splice(0, Math.max(0, shown.length - SHOWN))) live.forget("news", id);
  };
}

// The one that was seen longest ago goes first.
function remember(known: Set<string>, key: string): void {
  known.delete(key);
  known.add(key);
  const [oldest] = known;
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
}
