import type { Limit } from "../../platform/limit-concurrency.ts";
import type { Database } from "../../platform/postgres/database.ts";
import type { ModelScore } from "../score/model-score.ts";
import { readScores } from "./read-ledgers.ts";
import type { Scoreboard } from "./scoreboard.ts";

/** Between two rounds in which nobody waits: so many times what the last one took, within these bounds. */
const REST_FACTOR = 4;
const MIN_REST_MS = 20;
const MAX_REST_MS = 30_000;
const RETRY_MS = 1_000;
/** Models of one round; the next one takes the others. */
const MOST_AT_ONCE = 500;

export interface MendingOptions {
  database: Database;
  board: Scoreboard;
  limit: Limit;
  /** Cuts short what belongs to a board that is no longer there. */
  signal: () => AbortSignal;
  onError: (error: unknown, what: string) => void;
}

export interface Mending {
  /** There may be lost ledgers. */
  look(): void;
  /** Someone waits for them. */
  hurry(): void;
  stop(): void;
}

/**
 * Reads lost ledgers again, one round after the other, however much came late meanwhile. While nobody waits it rests
 * between rounds, so that a long import in the wrong order does not read everything for each of its trades.
 */
export function mendLedgers({ database, board, limit, signal, onError }: MendingOptions): Mending {
  let isMending = false;
  let timer: NodeJS.Timeout | undefined;
  let rest = MIN_REST_MS;
  /** After a failure nobody's hurry helps. */
  let notBefore = 0;
  let isStopped = false;

  async function mend(): Promise<void> {
    const cut = signal();
    const startedAt = performance.now();
    let begun: ModelScore[] = [];
    const finish = (read: Awaited<ReturnType<typeof readScores>>, asOf: number) => {
      const byModel = new Map(read.map((score) => [score.model, score]));
      for (const score of begun) score.finishReading(byModel.get(score.model), asOf);
    };
    try {
      await limit(async () => {
        if (cut.aborted) return;
        begun = [...board.lost].slice(0, MOST_AT_ONCE);
        const { asOf } = board;
        for (const score of begun) score.beginReading();
        const models = begun.map(({ model }) => model).sort();
        finish(await readScores(database, models, asOf, cut), asOf);
      });
      rest = Math.min(MAX_REST_MS, Math.max(MIN_REST_MS, REST_FACTOR * (performance.now() - startedAt)));
    } catch (error) {
      finish([], 0);
      rest = RETRY_MS;
      notBefore = performance.now() + RETRY_MS;
      if (!cut.aborted) onError(error, "models' trades cannot be read; trying again");
    }
    isMending = false;
    if (!cut.aborted) board.mended(begun);
    look();
  }

  function mendNow(): void {
    clearTimeout(timer);
    timer = undefined;
    if (isStopped || isMending || board.lost.size === 0) return;
    isMending = true;
    void mend();
  }

  function look(): void {
    if (board.lost.size === 0 || isStopped) return;
    timer ??= setTimeout(mendNow, rest).unref();
  }

  return {
    look,
    hurry() {
      if (performance.now() >= notBefore) mendNow();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
