import { setTimeout as sleep } from "node:timers/promises";
import type { TapeEntry } from "../../contracts/tape.ts";
import type { Limit } from "../../platform/limit-concurrency.ts";
import type { Database } from "../../platform/postgres/database.ts";
import { type Follower, type Head, readHead, readSelection } from "../../tape/index.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { mendLedgers } from "./mend-ledgers.ts";
import { readModels, readScores } from "./read-ledgers.ts";
import type { BoardState, Scoreboard } from "./scoreboard.ts";
import { valueReports } from "./value-reports.ts";

const PAGE = 1000;
const RETRY_MS = 1_000;
const SAVE_EVERY_MS = 30_000;
const SAVE_AT_STOP_MS = 2_000;
/** More entries that cannot be read are only counted. */
const TELL_UNREADABLE = 10;

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
  /** Whether the board can be read and has all that was on the tape when its head was read. */
  holds(head: Pick<Head, "epoch" | "seq">): boolean;
  /** Someone waits for lost ledgers: they are read without a pause. */
  hurry(): void;
  /** Entries that could not be read. */
  readonly unreadable: number;
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
  let unreadable = 0;
  const mending = mendLedgers({ ...options, signal: () => loading.signal });
  const values = valueReports(
    database,
    (scores) => {
      board.valued(scores);
      mending.look();
    },
    onError,
  );
  board.onReport = values.ask;
  board.onUnreadable = ({ seq, kind }, error) => {
    if (++unreadable > TELL_UNREADABLE) return;
    onError(
      error,
      `entry ${seq} of the tape (${kind}) cannot be read; its model's score is taken from the tables`,
    );
  };

  /** Loads until it has worked; a later call takes the place of this one. */
  async function load(trustSaved: boolean): Promise<void> {
    if (isStopped) return;
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    isLoaded = false;
    values.clear();
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
      values.clear();
      board.clear();
    }
    const rebuilt = await limit(() => rebuild(signal));
    if (signal.aborted) return false;
    board.install(rebuilt);
    return await catchUp(signal);
  }

  /** All scores worked out anew from the tables. */
  async function rebuild(signal: AbortSignal): Promise<BoardState> {
    const { epoch, seq: asOf } = await readHead(database);
    const scores = await readScores(database, await readModels(database, signal), asOf, signal);
    // The follower may not know yet that the tape is another one; it will say so.
    if (epoch !== follower.epoch || (await readHead(database)).epoch !== epoch) {
      throw new Error("the tape is another one");
    }
    return { epoch, asOf, scores };
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
    await values.idle();
    const state = isLoaded && board.asOf !== savedAt ? board.state() : undefined;
    if (state === undefined || !values.has(state.asOf)) return;
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
        onError(error, "the scoreboard has missed entries of the tape; working the scores out anew");
        void load(false);
      }
    },
    startAnew: () => void load(false),
    holds: (head) => board.holds(head) && values.has(head.seq),
    hurry: () => mending.hurry(),
    get unreadable() {
      return unreadable;
    },
    async stop() {
      clearInterval(timer);
      const enough = sleep(SAVE_AT_STOP_MS, undefined, { ref: false });
      await Promise.race([save(), enough]).catch((error: unknown) =>
        onError(error, "the scoreboard could not be saved"),
      );
      isStopped = true;
      isLoaded = false;
      // What was not looked up by now would be asked of a database that is closed, again and again.
      values.clear();
      loading.abort();
      mending.stop();
    },
  };
}
