import { setTimeout as sleep } from "node:timers/promises";
import { unavailable } from "../../platform/errors.ts";
import type { Follower, Head } from "../../tape/index.ts";
import type { BoardKeeper } from "./keep-board.ts";
import type { Scoreboard } from "./scoreboard.ts";

/** Announcements arrive sooner than this; after it the follower is asked to look for itself. */
const LOOK_AFTER_MS = 25;

export interface FreshReadOptions {
  board: Scoreboard;
  keeper: Pick<BoardKeeper, "holds" | "hurry">;
  follower: Pick<Follower, "cursor" | "checkHead">;
  readHead: () => Promise<Head>;
  /** Milliseconds after which a read gives up. */
  waitMs: number;
}

/** Reads the board once it has everything that was committed before the call, in one synchronous step. */
export type ReadFresh = <Result>(read: () => Result) => Promise<Awaited<Result>>;

/**
 * Whoever got a 2xx for a write before asking sees it, on every instance: the shared head is read first, and then what
 * is missing is waited for.
 * @throws AppError 503 where the board has not got there in time.
 */
export function freshReads({ board, keeper, follower, readHead, waitMs }: FreshReadOptions): ReadFresh {
  let isLooking = false;
  const lookForEntries = async () => {
    if (isLooking) return;
    isLooking = true;
    await sleep(LOOK_AFTER_MS);
    // What is wrong with the tape is told by the follower's own looks.
    await follower.checkHead().catch(() => {});
    isLooking = false;
  };

  return async <Result>(read: () => Result): Promise<Awaited<Result>> => {
    const deadline = performance.now() + waitMs;
    let head = await readHead();
    while (!keeper.holds(head)) {
      if (board.lost.size > 0) keeper.hurry();
      if (follower.cursor < head.seq) void lookForEntries();
      const left = deadline - performance.now();
      if (left <= 0 || !(await board.changed(left))) {
        throw unavailable("The scores are not up to date yet; try again.");
      }
      // It may have become another tape's since.
      if (!board.isOf(head.epoch)) head = await readHead();
    }
    return await read();
  };
}
