import { linkKey } from "./article/clean-link.ts";
import { type FeedRecord, KEEP_MS, type KeptArticle } from "./feed-record.ts";

/** An article as it is shown, with the keys of all its copies. */
export interface NewsArticle extends Omit<KeptArticle, "leftAt"> {
  source: string;
  keys: string[];
}

const MAX_ARTICLES = 300;
/** A title that comes again later than this is another article: "Market wrap". */
const SAME_STORY_MS = 48 * 3_600_000;

/**
 * The articles of all feeds, newest first, at most 300. Copies (one link, or one title in two feeds within two days)
 * are shown once, as the one that was published first; where that is equal, the feed that stands first wins.
 * @param now Unix milliseconds.
 */
export function combineFeeds(records: readonly FeedRecord[], now: number): NewsArticle[] {
  const copies = records
    .filter(({ stamp }) => now - stamp.goodAt < KEEP_MS)
    .flatMap(({ content }, feed) =>
      content.articles.map((article) => ({ article, feed, source: content.source })),
    )
    .filter(({ article }) => article.leftAt === null || now - article.leftAt < KEEP_MS)
    .sort((a, b) => a.article.published.localeCompare(b.article.published));
  const byLink = new Map<string, NewsArticle>();
  const byTitle = new Map<string, { shown: NewsArticle; feed: number }>();
  for (const { article, feed, source } of copies) {
    const key = linkKey(article.link);
    const title = titleKey(article.title);
    const story = byTitle.get(title);
    const isRetold =
      title !== "" && story !== undefined && story.feed !== feed && isSameTime(story.shown, article);
    const first = byLink.get(key) ?? (isRetold ? story.shown : undefined);
    if (first !== undefined) {
      if (!first.keys.includes(key)) first.keys.push(key);
      byLink.set(key, first);
      continue;
    }
    const { leftAt: _, ...rest } = article;
    const shown = { ...rest, source, keys: [key] };
    byLink.set(key, shown);
    byTitle.set(title, { shown, feed });
  }
  return [...new Set(byLink.values())]
    .sort((a, b) => b.published.localeCompare(a.published) || (a.link < b.link ? -1 : 1))
    .slice(0, MAX_ARTICLES);
}

const isSameTime = (a: { published: string }, b: { published: string }) =>
  Math.abs(Date.parse(a.published) - Date.parse(b.published)) < SAME_STORY_MS;

/** A title's letters and digits: feeds differ in quotes, dashes and capitals. */
const titleKey = (title: string) =>
  title
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
