import type { Units } from "../../contracts/units.ts";
import { type DailyReturns, noReturns, openDay } from "./daily-returns.ts";
import { type Fall, noteValue, startFall } from "./fall.ts";

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
  /** The starting balance is the first peak. */
  fall: Fall;
  returns: DailyReturns;
}

const BEFORE_ALL: LedgerPlace = { time: Number.MIN_SAFE_INTEGER, id: "" };

export function startCurve(start: Units): Curve {
  return {
    start,
    equity: start,
    last: BEFORE_ALL,
    fall: startFall(start),
    returns: noReturns(start),
  };
}

/** Whether no trade was added yet. */
export const isUntouched = ({ last }: Curve): boolean => last === BEFORE_ALL || last.time === BEFORE_ALL.time;

export function copyCurve(curve: Curve): Curve {
  return { ...curve, fall: { ...curve.fall }, returns: { ...curve.returns } };
}

export function isBefore(a: LedgerPlace, b: LedgerPlace): boolean {
  if (a.time !== b.time) return a.time < b.time;
  // By bytes, as PostgreSQL has them.
  return a.id !== b.id && Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)) < 0;
}

/** Adds the next trade of the ledger's order. */
export function addTrade(curve: Curve, trade: LedgerTrade): void {
  openDay(curve.returns, trade.time, curve.equity);
  curve.last = { time: trade.time, id: trade.id };
  curve.equity += trade.pnl;
  noteValue(curve.fall, curve.equity);
}
