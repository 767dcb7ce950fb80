import { conflate } from "../platform/conflate.ts";

const SEND_EVERY_MS = 500;
/** A price that grows old makes a row stale, although nothing arrives. */
const LOOK_EVERY_MS = 5_000;

/** Where the rows are shown to live clients; the stream's. */
export interface LiveRows {
  publish(event: string, key: string, text: string): void;
  /** Has whoever begins to listen get the value as it is then. */
  provide(event: string, key: string, read: () => string | undefined): void;
}

export interface LiveLeaderboard {
  /** Scores or prices may have changed. */
  touch(): void;
  stop(): void;
}

/**
 * Shows the whole board live, at most twice a second and only when a row has changed.
 * @param rowsText all rows, comma separated; undefined while the board cannot be read.
 */
export function showLeaderboard(live: LiveRows, rowsText: () => string | undefined): LiveLeaderboard {
  let shown: string | undefined;
  live.provide("leaderboard", "rows", rowsText);
  const { touch, stop } = conflate(SEND_EVERY_MS, () => {
    const text = rowsText();
    if (text === undefined || text === shown) return;
    shown = text;
    // One value of many rows: they go out together, in rank order, as one array.
    live.publish("leaderboard", "rows", text);
  });
  const timer = setInterval(touch, LOOK_EVERY_MS).unref();
  return {
    touch,
    stop() {
      clearInterval(timer);
      stop();
    },
  };
}
