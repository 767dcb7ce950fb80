import { type Resolve, type SafeAnswer, SafeFetchError, safeFetch } from "../platform/safe-fetch/index.ts";
import { type FeedReader, FeedUnreadable } from "./feed/feed-reader.ts";
import type { FeedRecord } from "./feed-record.ts";
import { mergeFeed } from "./merge-feed.ts";

export interface LookOptions {
  reader: FeedReader;
  allowLoopback: boolean;
  connectTimeoutMs: number;
  timeoutMs: number;
  signal: AbortSignal;
  resolve: Resolve | undefined;
}

const MAX_BYTES = 2 * 1024 * 1024;
const MAX_VALIDATOR = 500;
const MAX_REASON = 200;

/**
 * Fetches a feed, unless it says that nothing changed, and reads it. Never throws: what goes wrong with a feed is
 * written on its stamp, and its articles stay.
 */
export async function lookAtFeed(
  address: string,
  record: FeedRecord,
  options: LookOptions,
): Promise<FeedRecord> {
  try {
    const answer = await fetchFeed(address, record, options);
    const now = Date.now();
    const stamp = { ...record.stamp, checkedAt: now, goodAt: now, failure: null };
    if (answer.status === 304) return { stamp, content: record.content };
    const { source, items } = await options.reader.read({
      bytes: new Uint8Array(answer.body),
      contentType: answer.headers["content-type"],
      address: answer.url,
      now,
    });
    const content = {
      source,
      etag: validator(answer.headers.etag),
      lastModified: validator(answer.headers["last-modified"]),
      articles: mergeFeed(record.content.articles, items, now),
    };
    return { stamp: { ...stamp, changedAt: now }, content };
  } catch (error) {
    const stamp = { ...record.stamp, checkedAt: Date.now(), failure: reasonOf(error) };
    return { stamp, content: record.content };
  }
}

async function fetchFeed(
  address: string,
  { content }: FeedRecord,
  options: LookOptions,
): Promise<SafeAnswer> {
  const answer = await safeFetch(address, {
    allowLoopback: options.allowLoopback,
    maxBytes: MAX_BYTES,
    connectTimeoutMs: options.connectTimeoutMs,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    resolve: options.resolve,
    headers: {
      "user-agent": "trading-playground (news reader)",
      accept: "application/rss+xml, application/atom+xml, application/feed+json, application/xml, */*;q=0.5",
      ...(content.etag !== null && { "if-none-match": content.etag }),
      ...(content.lastModified !== null && { "if-modified-since": content.lastModified }),
    },
  });
  if (answer.status !== 200 && answer.status !== 304) {
    throw new SafeFetchError(`it answers with the status ${answer.status}`);
  }
  return answer;
}

const validator = (value: string | undefined) =>
  value !== undefined && value.length <= MAX_VALIDATOR ? value : null;

/** Our own errors say it in words; of the network's only the code is told, since their texts may quote the feed. */
function reasonOf(error: unknown): string {
  if (error instanceof SafeFetchError || error instanceof FeedUnreadable)
    return error.message.slice(0, MAX_REASON);
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return `it cannot be reached or read (${code ?? "unknown error"})`.slice(0, MAX_REASON);
}
