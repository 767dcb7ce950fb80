import type { Limit } from "../platform/limit-concurrency.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { ModelScore } from "./model-score.ts";
import { readCurve } from "./read-trades.ts";
import type { Scoreboard } from "./scoreboard.ts";

/** Between two rounds in which nobody waits: so many times what the last one took, within these bounds. */
const REST_FACTOR = 4;
const MIN_REST_MS = 20;
const MAX_REST_MS = 30_000;
const RETRY_MS = 1_000;

export interface MendingOptions {
  database: Database;
  board: Scoreboard;
  limit: Limit;
  /** Cuts short what belongs to a board that is no longer there. */
  signal: () => AbortSignal;
  onError: (error: unknown, what: string) => void;
}

export interface Mending {
  /** There may be lost curves. */
  look(): void;
  /** Someone waits for them. */
  hurry(): void;
  stop(): void;
}

/**
 * Reads lost curves again: each model's by itself and once at a time, however many of its trades came late meanwhile.
 * While nobody waits it rests between rounds, so that a long import in the wrong order does not read everything for each
 * of its trades.
 */
export function mendCurves({ database, board, limit, signal, onError }: MendingOptions): Mending {
  const underWay = new Set<ModelScore>();
  let timer: NodeJS.Timeout | undefined;
  let rest = MIN_REST_MS;
  /** After a failure nobody's hurry helps. */
  let notBefore = 0;
  let isStopped = false;

  async function mend(score: ModelScore): Promise<void> {
    underWay.add(score);
    const cut = signal();
    const startedAt = performance.now();
    try {
      await limit(async () => {
        const { model } = score;
        const start = score.beginReading();
        score.finishReading(await readCurve(database, { model, start, asOf: board.asOf }, cut));
      });
      rest = Math.min(MAX_REST_MS, Math.max(MIN_REST_MS, REST_FACTOR * (performance.now() - startedAt)));
    } catch (error) {
      score.finishReading(undefined);
      rest = RETRY_MS;
      notBefore = performance.now() + RETRY_MS;
      if (!cut.aborted) onError(error, "a model's trades cannot be read; trying again");
    }
    underWay.delete(score);
    if (cut.aborted) return;
    board.mended(score);
    look();
  }

  function mendAll(): void {
    clearTimeout(timer);
    timer = undefined;
    if (isStopped) return;
    for (const score of board.lost) if (!underWay.has(score)) void mend(score);
  }

  function look(): void {
    if (board.lost.size === 0 || isStopped) return;
    timer ??= setTimeout(mendAll, rest).unref();
  }

  return {
    look,
    hurry() {
      if (performance.now() >= notBefore) mendAll();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
