import { conflate } from "../platform/conflate.ts";

const SEND_EVERY_MS = 500;
/** A price that grows old makes a row stale, although nothing arrives. */
const LOOK_EVERY_MS = 5_000;
/** How many of the first rows are shown live; the rest is for whoever asks for it. */
const FIRST_ROWS = 100;

/** Where the rows are shown to live clients; the stream's. */
export interface LiveRows {
  publish(event: string, key: string, text: string): void;
  /** Takes a value away; who listens gets `last` in its place. */
  forget(event: string, key: string, last?: string): void;
  /** Has whoever begins to listen get these texts, with commas between them. */
  provide(event: string, read: () => string | undefined): void;
}

/** A row as it stands; its text is asked of the first ones only, and of those that fell out. */
export interface ShownRow {
  readonly model: string;
  text(): string;
}

export interface LiveLeaderboard {
  /** Scores or prices may have changed. */
  touch(): void;
  stop(): void;
}

/**
 * Shows the first 100 rows live: whole to whoever begins to listen, then those that changed, moved or came in, at most
 * twice a second. A row that fell out is sent once more, with its new rank.
 * @param readRows all rows in rank order; undefined while the board cannot be read.
 */
export function showLeaderboard(
  live: LiveRows,
  readRows: () => readonly ShownRow[] | undefined,
): LiveLeaderboard {
  /** What everyone who listens has: model → text, in rank order. */
  let shown = new Map<string, string>();
  let hasLooked = false;

  const look = () => {
    const rows = readRows();
    if (rows === undefined) return;
    hasLooked = true;
    const before = shown;
    shown = new Map(rows.slice(0, FIRST_ROWS).map((row) => [row.model, row.text()]));
    for (const [model, text] of shown) {
      if (before.get(model) !== text) live.publish("leaderboard", model, text);
    }
    const gone = new Set([...before.keys()].filter((model) => !shown.has(model)));
    if (gone.size === 0) return;
    for (const row of rows.slice(FIRST_ROWS)) {
      if (gone.delete(row.model)) live.forget("leaderboard", row.model, row.text());
    }
    // These are of a tape that is no more.
    for (const model of gone) live.forget("leaderboard", model);
  };
  live.provide("leaderboard", () => {
    // What a newcomer gets must be what all others have or are about to get: later frames hold the difference to it only.
    look();
    return !hasLooked ? undefined : [...shown.values()].join(",");
  });
  const { touch, stop } = conflate(SEND_EVERY_MS, look);
  const timer = setInterval(touch, LOOK_EVERY_MS).unref();
  return {
    touch,
    stop() {
      clearInterval(timer);
      stop();
    },
  };
}
