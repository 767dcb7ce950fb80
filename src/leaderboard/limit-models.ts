import { conflict } from "../platform/errors.ts";
import type { Scoreboard } from "./board/scoreboard.ts";

/**
 * Refuses new names where the board has as many models as there may be. What is on its way at that moment may go a
 * little beyond: the board is as of the last batch.
 * @returns a function that throws AppError 409.
 */
export function limitModels(board: Pick<Scoreboard, "get" | "size">, most: number) {
  return (models: readonly string[]): void => {
    const room = most - board.size;
    if (models.length <= room) return;
    const fresh = new Set(models.filter((model) => board.get(model) === undefined));
    if (fresh.size === 0 || fresh.size <= room) return;
    throw conflict(
      `There may be at most ${most} models (MAX_MODELS), and there are ${board.size}: no more than that are taken.`,
    );
  };
}
