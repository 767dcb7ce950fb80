import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../platform/logger.ts";
import type { Feed, FeedContext } from "./feeds/feed.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A feed that ran for so long before it failed is started again as quickly as the first time. */
const SOUND_RUN_MS = 60_000;

/** Runs a feed until the signal, and starts it again when it fails, less and less often and never in step. */
export async function runFeed(
  feed: Feed,
  context: FeedContext,
  logger: Logger,
  onRestart: () => void,
): Promise<void> {
  const { signal } = context;
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      await feed.run(context);
      if (!signal.aborted) logger.info({ feed: feed.name }, "the price feed has come to its end");
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (performance.now() - startedAt > SOUND_RUN_MS) failures = 0;
      const pause = pauseAfter(failures++);
      logger.warn(
        { err: error, feed: feed.name, pause_ms: pause },
        "the price feed failed; starting it again",
      );
      onRestart();
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }
}

/** Milliseconds to wait after the n-th failure in a row (from 0), with jitter of a half either way. */
function pauseAfter(failures: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 20));
  return Math.round(longest * (0.5 + Math.random()));
}
