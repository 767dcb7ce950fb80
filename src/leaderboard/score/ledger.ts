import { TO_PRODUCTS, type Units } from "../../contracts/units.ts";
import { addTrade, type Curve, startCurve } from "./curve.ts";
import { type Fall, noteValue, startFall } from "./fall.ts";
import { MedianWindow, type WindowState } from "./median-window.ts";
import { addToSums, type ClosedTrade, noTrades, type TradeSums } from "./trade-sums.ts";

/** How many values around a median are read. */
const READ_WIDTH = 2_048;
/** Of a model with more trades the medians are looked up when they are first asked for. */
const MAX_HELD_VALUES = 100_000;

/** The way of reported equity, report by report in the order of their times. */
export interface ReportedWay {
  /** In 10⁻³⁶, since products of two decimals are in it; the starting balance is the first peak. */
  fall: Fall;
  /** The newest report's time (Unix milliseconds) and seq. */
  at: number;
  seq: number;
}

/** A report's equity as it was valued when it was made. */
export interface ReportedValue {
  at: number;
  seq: number;
  /** In 10⁻³⁶. */
  equity: bigint;
}

/** All that is worked out from a model's closed trades and reports; as it is saved and loaded. */
export interface LedgerState {
  sums: TradeSums;
  /** Of price × qty in 10⁻³⁶, and of holding times in milliseconds; null where they have to be looked up. */
  notionals: WindowState | null;
  holdings: WindowState | null;
  curve: Curve;
  reported: ReportedWay | null;
}

export const startWay = (start: Units): ReportedWay => ({
  fall: startFall(start * TO_PRODUCTS),
  at: Number.MIN_SAFE_INTEGER,
  seq: 0,
});

export const isBeforeOnWay = (value: ReportedValue, way: ReportedWay): boolean =>
  value.at < way.at || (value.at === way.at && value.seq < way.seq);

export function goOn(way: ReportedWay, { at, seq, equity }: ReportedValue): void {
  noteValue(way.fall, equity);
  way.at = at;
  way.seq = seq;
}

/** Works a model's ledger out from all its closed trades and reports, given in their order. */
export class LedgerWalk {
  readonly #start: Units;
  readonly #sums = noTrades();
  readonly #curve: Curve;
  #notionals: bigint[] | null = [];
  #holdings: bigint[] | null = [];
  #way: ReportedWay | null = null;

  /** @param start the starting balance. */
  constructor(start: Units) {
    this.#start = start;
    this.#curve = startCurve(start);
  }

  addTrade(trade: ClosedTrade): void {
    addToSums(this.#sums, trade);
    addTrade(this.#curve, { time: trade.time, id: trade.id, pnl: trade.pnl });
    this.#notionals?.push(trade.notional);
    if (trade.heldMs !== null) this.#holdings?.push(trade.heldMs);
    if (this.#sums.trades <= MAX_HELD_VALUES) return;
    this.#notionals = null;
    this.#holdings = null;
  }

  addReport(value: ReportedValue): void {
    this.#way ??= startWay(this.#start);
    goOn(this.#way, value);
  }

  finish(): LedgerState {
    return {
      sums: this.#sums,
      notionals: windowOf(this.#notionals),
      holdings: windowOf(this.#holdings),
      curve: this.#curve,
      reported: this.#way,
    };
  }
}

function windowOf(values: bigint[] | null): WindowState | null {
  return values === null
    ? null
    : MedianWindow.of(
        values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
        READ_WIDTH,
      );
}
