import type { Units } from "../../contracts/units.ts";

/** What counts of a closed trade. */
export interface ClosedTrade {
  id: string;
  /** `closed_at`, or `timestamp` where there is none; Unix milliseconds. */
  time: number;
  isLong: boolean;
  pnl: Units;
  fee: Units;
  /** price × qty, in 10⁻³⁶. */
  notional: bigint;
  /** (exit_price − price) × qty, × −1 for a sell; pnl + fee where no exit_price is known; in 10⁻³⁶. */
  gross: bigint;
  /** closed_at − opened_at in milliseconds; null where one of them is not known. */
  heldMs: bigint | null;
}

/** Sums over a model's closed trades that do not ask for their order. */
export interface TradeSums {
  trades: number;
  wins: number;
  losses: number;
  longs: number;
  shorts: number;
  realized: Units;
  fees: Units;
  won: Units;
  lost: Units;
  biggestGain: Units | null;
  biggestLoss: Units | null;
  /** In 10⁻³⁶. */
  gross: bigint;
  notional: bigint;
  /** Trades whose opening and close are known, and how long they were held in all. */
  held: number;
  heldMs: bigint;
}

export const noTrades = (): TradeSums => ({
  ...{ trades: 0, wins: 0, losses: 0, longs: 0, shorts: 0 },
  ...{ realized: 0n, fees: 0n, won: 0n, lost: 0n, biggestGain: null, biggestLoss: null },
  ...{ gross: 0n, notional: 0n, held: 0, heldMs: 0n },
});

export function addToSums(sums: TradeSums, trade: ClosedTrade): void {
  const { pnl, heldMs } = trade;
  sums.trades++;
  if (trade.isLong) sums.longs++;
  else sums.shorts++;
  if (pnl > 0n) {
    sums.wins++;
    sums.won += pnl;
  } else if (pnl < 0n) {
    sums.losses++;
    sums.lost += pnl;
  }
  sums.realized += pnl;
  sums.fees += trade.fee;
  if (sums.biggestGain === null || pnl > sums.biggestGain) sums.biggestGain = pnl;
  if (sums.biggestLoss === null || pnl < sums.biggestLoss) sums.biggestLoss = pnl;
  sums.gross += trade.gross;
  sums.notional += trade.notional;
  if (heldMs !== null) {
    sums.held++;
    sums.heldMs += heldMs;
  }
}
