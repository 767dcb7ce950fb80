import { setTimeout as sleep } from "node:timers/promises";
import type { TapeEntry } from "../contracts/tape.ts";
import type { Limit } from "../platform/limit-concurrency.ts";
import type { Database } from "../platform/postgres/database.ts";
import { type Follower, readSelection } from "../tape/index.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { mendCurves } from "./mend-curves.ts";
import { rebuildBoard } from "./read-trades.ts";
import type { Scoreboard } from "./scoreboard.ts";

const PAGE = 1000;
const RETRY_MS = 1_000;
const SAVE_EVERY_MS = 30_000;
const SAVE_AT_STOP_MS = 2_000;

export interface BoardKeeperOptions {
  database: Database;
  follower: Pick<Follower, "cursor" | "epoch" | "recent">;
  board: Scoreboard;
  /** Bounds how many long reads of the tables run at a time. */
  limit: Limit;
  onError: (error: unknown, what: string) => void;
}

export interface BoardKeeper {
  /** Entries that the follower hands on, in seq order. Never throws. */
  take(entries: readonly TapeEntry[]): void;
  /** The tape is another one. */
  startAnew(): void;
  /** Someone waits for lost curves: they are read without a pause. */
  hurry(): void;
  /** Saves the board, and ends what is under way. */
  stop(): Promise<void>;
}

/**
 * Brings the board up to the follower's cursor, in the background, and keeps it there: the last saved board and the tape
 * since then, or, where there is none to trust, the tables.
 */
export function keepBoard(options: BoardKeeperOptions): BoardKeeper {
  const { database, follower, board, limit, onError } = options;
  let loading = new AbortController();
  let isLoaded = false;
  let isStopped = false;
  let savedAt: number | undefined;
  const mending = mendCurves({ ...options, signal: () => loading.signal });

  /** Loads until it has worked; a later call takes the place of this one. */
  async function load(trustSaved: boolean): Promise<void> {
    if (isStopped) return;
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    isLoaded = false;
    board.clear();
    let trust = trustSaved;
    while (!signal.aborted) {
      try {
        if (await loadOnce(trust, signal)) {
          // What was worked out from the tables need not be so again.
          saveOrTell();
          return;
        }
        trust = false;
      } catch (error) {
        if (signal.aborted) return;
        onError(error, "the scoreboard cannot be loaded; trying again");
        await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async function loadOnce(trustSaved: boolean, signal: AbortSignal): Promise<boolean> {
    const saved = trustSaved ? await loadCheckpoint(database) : undefined;
    if (signal.aborted) return false;
    if (saved?.epoch === follower.epoch) {
      board.install(saved);
      if (await catchUp(signal)) return true;
      board.clear();
    }
    const rebuilt = await limit(() => rebuildBoard(database, signal));
    if (signal.aborted) return false;
    // The follower does not know yet that the tape is another one; it will say so.
    if (rebuilt.epoch !== follower.epoch) throw new Error("the tape is another one");
    board.install(rebuilt);
    return await catchUp(signal);
  }

  /** Reads the tape up to the cursor. @returns false where what comes next was trimmed off. */
  async function catchUp(signal: AbortSignal): Promise<boolean> {
    while (board.asOf < follower.cursor) {
      const { asOf } = board;
      const entries =
        follower.recent.read(asOf, follower.cursor, PAGE) ??
        (await readSelection(database, undefined, asOf, follower.cursor, PAGE)).entries;
      if (signal.aborted || entries[0]?.seq !== asOf + 1) return false;
      board.add(entries);
    }
    // In the same step as the look at the cursor: whatever comes now goes through `take`.
    isLoaded = true;
    mending.look();
    return true;
  }

  async function save(): Promise<void> {
    const state = isLoaded && board.asOf !== savedAt ? board.state() : undefined;
    if (state === undefined) return;
    await saveCheckpoint(database, state);
    savedAt = state.asOf;
  }

  const saveOrTell = () => {
    save().catch((error: unknown) => onError(error, "the scoreboard cannot be saved; trying again later"));
  };
  void load(true);
  const timer = setInterval(saveOrTell, SAVE_EVERY_MS).unref();

  return {
    take(entries) {
      if (!isLoaded) return;
      try {
        const { asOf } = board;
        const fresh = entries[0]?.seq === asOf + 1 ? entries : entries.filter(({ seq }) => seq > asOf);
        if (fresh.length === 0) return;
        if (fresh[0]?.seq !== asOf + 1) throw new Error("entries are missing");
        board.add(fresh);
        mending.look();
      } catch (error) {
        onError(error, "entries of the tape cannot be scored; working the scores out anew");
        void load(false);
      }
    },
    startAnew: () => void load(false),
    hurry: () => mending.hurry(),
    async stop() {
      clearInterval(timer);
      const enough = sleep(SAVE_AT_STOP_MS, undefined, { ref: false });
      await Promise.race([save(), enough]).catch((error: unknown) =>
        onError(error, "the scoreboard could not be saved"),
      );
      isStopped = true;
      isLoaded = false;
      loading.abort();
      mending.stop();
    },
  };
}
