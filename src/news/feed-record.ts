import { z } from "../contracts/zod.ts";

/** An article as it is kept: what its feed told, and what was found in it. */
const keptArticle = z.object({
  title: z.string(),
  link: z.string(),
  /** ISO 8601 UTC; where the feed gives no date, when the article was first seen. */
  published: z.string(),
  description: z.string(),
  sentiment: z.object({
    label: z.enum(["positive", "neutral", "negative"]),
    /** −1..1 */
    score: z.number(),
    confidence: z.number(),
  }),
  coins: z.array(z.string()),
  /** Unix milliseconds of the look that no longer found it in the feed; null while it is listed. */
  leftAt: z.number().nullable(),
});
export type KeptArticle = z.output<typeof keptArticle>;

/** What a feed last held, with what a conditional request needs. */
export const feedContent = z.object({
  source: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  articles: z.array(keptArticle),
});
export type FeedContent = z.output<typeof feedContent>;

/** How the last look at a feed went. Times are Unix milliseconds, 0 for never. */
export const feedStamp = z.object({
  checkedAt: z.number(),
  /** When it was last reached and read. */
  goodAt: z.number(),
  /** Why it could not be reached or read, as a clause; null where it could. */
  failure: z.string().nullable(),
  /** When the content last changed: names the content's version. */
  changedAt: z.number(),
});
export type FeedStamp = z.output<typeof feedStamp>;

/** All that is known of a feed. */
export interface FeedRecord {
  stamp: FeedStamp;
  content: FeedContent;
}

/** Articles outlive their feed's list, and a dead feed's articles the feed, by so long. */
export const KEEP_MS = 12 * 3_600_000;

export const unseenFeed: FeedRecord = {
  stamp: { checkedAt: 0, goodAt: 0, failure: null, changedAt: 0 },
  content: { source: "", etag: null, lastModified: null, articles: [] },
};
