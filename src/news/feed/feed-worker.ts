// Reads feeds on a thread of its own: strangers write them, and neither their size nor what they hide in them may
// hold up the service's own thread.
import { parentPort } from "node:worker_threads";
import { decodeText } from "./decode-text.ts";
import { type ParsedFeed, readFeed } from "./read-feed.ts";

export interface FeedJob {
  bytes: Uint8Array;
  contentType: string | undefined;
  /** Where the feed was fetched. */
  address: string;
  /** Unix milliseconds. */
  now: number;
}

export type FeedResult = { feed: ParsedFeed } | { reason: string };

parentPort?.on("message", ({ bytes, contentType, address, now }: FeedJob) => {
  let result: FeedResult;
  try {
    result = { feed: readFeed(decodeText(bytes, contentType), address, now) };
  } catch (error) {
    result = { reason: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(result);
});
