import type { Units } from "../contracts/units.ts";
import { type DailyReturns, noReturns, openDay } from "./daily-returns.ts";

/** Where a closed trade stands in the ledger: by its time, equal ones by their id. */
export interface LedgerPlace {
  /** `closed_at`, or `timestamp` where there is none; Unix milliseconds. */
  time: number;
  id: string;
}

/** What a closed trade does to the ledger. */
export interface LedgerTrade extends LedgerPlace {
  pnl: Units;
}

/**
 * A model's ledger equity from its starting balance on, trade by trade in the ledger's order, and what has to be known
 * of that way to go on with it. A trade costs the same however many came before it.
 */
export interface Curve {
  start: Units;
  equity: Units;
  /** The newest trade; before the first one a place before all others. */
  last: LedgerPlace;
  /** The highest equity so far, the starting balance included, and the lowest after it. */
  peak: Units;
  trough: Units;
  /** Peak and trough of the deepest fall in proportion; equal while nothing fell from a peak above 0. */
  worstPeak: Units;
  worstTrough: Units;
  returns: DailyReturns;
}

const BEFORE_ALL: LedgerPlace = { time: Number.MIN_SAFE_INTEGER, id: "" };

export function startCurve(start: Units): Curve {
  return {
    start,
    equity: start,
    last: BEFORE_ALL,
    peak: start,
    trough: start,
    worstPeak: 1n,
    worstTrough: 1n,
    returns: noReturns(start),
  };
}

/** Whether no trade was added yet. */
export const isUntouched = ({ last }: Curve): boolean => last === BEFORE_ALL || last.time === BEFORE_ALL.time;

export function copyCurve(curve: Curve): Curve {
  return { ...curve, returns: { ...curve.returns } };
}

export function isBefore(a: LedgerPlace, b: LedgerPlace): boolean {
  if (a.time !== b.time) return a.time < b.time;
  // By bytes, as PostgreSQL has them.
  return a.id !== b.id && Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)) < 0;
}

/** Adds the next trade of the ledger's order. */
export function addTrade(curve: Curve, trade: LedgerTrade): void {
  openDay(curve.returns, trade.time, curve.equity);
  curve.last = trade;
  curve.equity += trade.pnl;
  if (curve.equity > curve.peak) {
    curve.peak = curve.equity;
    curve.trough = curve.equity;
  } else if (curve.equity < curve.trough) {
    curve.trough = curve.equity;
    noteFall(curve);
  }
}

/** Which of two falls is deeper in proportion is asked crosswise, so that no quotient is rounded. */
function noteFall(curve: Curve): void {
  const { peak, trough } = curve;
  if (peak > 0n && trough * curve.worstPeak < curve.worstTrough * peak) {
    curve.worstPeak = peak;
    curve.worstTrough = trough;
  }
}
