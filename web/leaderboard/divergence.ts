import type { LeaderboardRow } from "../client/index.ts";

/** From this share of the ledger's equity on a difference is worth a look. */
const LARGE = 0.01;

/** How far a model's own report is from its trades; undefined where it has reported nothing. */
export function divergenceOf(row: LeaderboardRow): { amount: number; isLarge: boolean } | undefined {
  const { divergence, ledger_equity } = row;
  if (divergence === null) return undefined;
  return { amount: divergence, isLarge: Math.abs(divergence) > Math.abs(ledger_equity) * LARGE };
}
