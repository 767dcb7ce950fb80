import { DEFAULT_STARTING_BALANCE } from "../../contracts/portfolio.ts";
import { toUnits, type Units } from "../../contracts/units.ts";
import { type Curve, copyCurve, startCurve } from "./curve.ts";
import type { Fall } from "./fall.ts";
import { HeldCurve } from "./held-curve.ts";
import { goOn, isBeforeOnWay, type LedgerState, type ReportedValue, startWay } from "./ledger.ts";
import { MedianWindow, type WindowState } from "./median-window.ts";
import { readLastUpdate, type TradeFacts } from "./read-entry.ts";
import { addToSums, type ClosedTrade, noTrades, type TradeSums } from "./trade-sums.ts";

/** What a model last reported: JSON text with `balance` and `positions`. */
export interface Report {
  seq: number;
  body: string;
}

/** A score as it is saved and loaded. `ledger` is null where it has to be read again. */
export interface ScoreState {
  model: string;
  start: Units;
  version: number;
  /** The newest moment at which a trade was made or closed; Unix milliseconds, null without a trade. */
  lastTradeAt: number | null;
  report: Report | null;
  ledger: LedgerState | null;
}

/** How much is held of each model beyond its sums; asked whenever something may be let go. */
export interface Bounds {
  /** Newest trades beside the curve. */
  trades: () => number;
  /** Values around each median. */
  values: () => number;
}

const DEFAULT_START = toUnits(DEFAULT_STARTING_BALANCE);

/**
 * One model's score. A trade that comes too late for the curve, a report of before the last one, or a starting balance that
 * comes late, loses the ledger: it must be read again.
 */
export class ModelScore {
  readonly model: string;
  readonly #bounds: Bounds;
  #start: Units;
  /** Seq of the last entry that changed the ledger: the same number, the same ledger. */
  #version: number;
  #lastTradeAt: number | null;
  #report: Report | null;
  #sums = noTrades();
  #notionals: MedianWindow;
  #holdings: MedianWindow;
  #curve: HeldCurve;
  #reported: LedgerState["reported"] = null;
  #isLost = false;
  /** Of what the ledger was last read from the tables. */
  #readUpTo = 0;
  /** What came while the ledger is being read again. */
  #meanwhile: (() => void)[] | undefined;

  constructor(model: string, bounds: Bounds, state?: ScoreState) {
    this.model = model;
    this.#bounds = bounds;
    this.#notionals = new MedianWindow(bounds.values);
    this.#holdings = new MedianWindow(bounds.values);
    this.#start = state?.start ?? DEFAULT_START;
    this.#version = state?.version ?? 0;
    this.#lastTradeAt = state?.lastTradeAt ?? null;
    this.#report = state?.report ?? null;
    this.#curve = new HeldCurve(bounds.trades, startCurve(this.#start));
    if (state?.ledger === null) this.#isLost = true;
    else if (state !== undefined) this.#takeLedger(state.ledger);
  }

  get start(): Units {
    return this.#start;
  }

  get version(): number {
    return this.#version;
  }

  get lastTradeAt(): number | null {
    return this.#lastTradeAt;
  }

  get report(): Report | null {
    return this.#report;
  }

  /** Whether the ledger must be read again from the tables. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Not to be changed; of a lost ledger it means nothing. */
  get sums(): Readonly<TradeSums> {
    return this.#sums;
  }

  get notionals(): MedianWindow {
    return this.#notionals;
  }

  get holdings(): MedianWindow {
    return this.#holdings;
  }

  /** The way of reported equity; null before a report was valued. */
  get reportedFall(): Fall | null {
    return this.#reported?.fall ?? null;
  }

  /** The ledger's curve; undefined while it is lost. Not to be changed. */
  get curve(): Curve | undefined {
    return this.#isLost ? undefined : this.#curve.current;
  }

  noteTrade({ timestamp, closed, time }: TradeFacts, seq: number): void {
    this.#lastTradeAt = later(this.#lastTradeAt, Math.max(timestamp, time));
    if (closed === null) return;
    this.#version = Math.max(this.#version, seq);
    this.#count(closed);
  }

  /**
   * The first report says what the model started with. One of before what stands there replaces nothing.
   * @param start what it says; where it does not, its balance counts, unless the model has traded before.
   */
  noteReport(report: Report, balance: Units, start?: Units): void {
    if (this.#report === null) {
      this.#version = Math.max(this.#version, report.seq);
      const hasTraded = this.#lastTradeAt !== null;
      this.#startWith(start ?? (hasTraded ? this.#start : balance));
    } else if (readLastUpdate(report) < readLastUpdate(this.#report)) return;
    this.#report = report;
  }

  /** Takes what a report was worth. */
  noteValue(value: ReportedValue): void {
    if (this.#meanwhile !== undefined) {
      this.#meanwhile.push(() => this.noteValue(value));
      return;
    }
    if (this.#isLost || value.seq <= this.#readUpTo) return;
    this.#reported ??= startWay(this.#start);
    if (isBeforeOnWay(value, this.#reported)) {
      this.#isLost = true;
      return;
    }
    goOn(this.#reported, value);
    this.#version = Math.max(this.#version, value.seq);
  }

  /** Something of it cannot be known from the tape alone. */
  lose(): void {
    this.#isLost = true;
  }

  /** Begins to read the ledger again; from now on what comes is kept for `finishReading`. */
  beginReading(): void {
    this.#meanwhile = [];
  }

  /**
   * Takes what the tables say of all entries up to `asOf`, which the board had at `beginReading`; nothing: the reading has
   * failed.
   */
  finishReading(read: ScoreState | undefined, asOf: number): void {
    const meanwhile = this.#meanwhile ?? [];
    this.#meanwhile = undefined;
    if (read === undefined) return;
    if (read.report !== null && read.report.seq > (this.#report?.seq ?? 0)) {
      this.#report = read.report;
      this.#start = read.start;
    }
    // A first report came between: what was read is counted from another start.
    if (read.ledger === null || read.ledger.curve.start !== this.#start) return;
    this.#isLost = false;
    this.#readUpTo = asOf;
    this.#version = Math.max(this.#version, asOf);
    this.#lastTradeAt = later(this.#lastTradeAt, read.lastTradeAt);
    this.#takeLedger(read.ledger);
    for (const again of meanwhile) again();
  }

  /** Takes a median that was looked up among the trades that `sums` is of. */
  setMedian(of: "notionals" | "holdings", state: WindowState): void {
    const window = new MedianWindow(this.#bounds.values, state);
    if (of === "notionals") this.#notionals = window;
    else this.#holdings = window;
  }

  /** Lets go of what is more than the bounds. */
  trim(): void {
    this.#notionals.trim();
    this.#holdings.trim();
  }

  state(): ScoreState {
    const { model, start, version, lastTradeAt, report } = this;
    return { model, start, version, lastTradeAt, report, ledger: this.#ledger() };
  }

  #ledger(): LedgerState | null {
    const { curve } = this;
    if (curve === undefined) return null;
    return {
      sums: { ...this.#sums },
      notionals: this.#notionals.state,
      holdings: this.#holdings.state,
      curve: copyCurve(curve),
      reported: this.#reported && { ...this.#reported, fall: { ...this.#reported.fall } },
    };
  }

  #takeLedger({ sums, notionals, holdings, curve, reported }: LedgerState): void {
    this.#sums = sums;
    this.#notionals = new MedianWindow(this.#bounds.values, notionals);
    this.#holdings = new MedianWindow(this.#bounds.values, holdings);
    this.#curve = new HeldCurve(this.#bounds.trades, curve);
    this.#reported = reported;
  }

  #startWith(balance: Units): void {
    if (balance === this.#start) return;
    this.#start = balance;
    if (!this.#curve.startWith(balance)) this.#isLost = true;
  }

  #count(trade: ClosedTrade): void {
    if (this.#meanwhile !== undefined) {
      this.#meanwhile.push(() => this.#count(trade));
      return;
    }
    if (this.#isLost) return;
    if (!this.#curve.place({ time: trade.time, id: trade.id, pnl: trade.pnl })) {
      this.#isLost = true;
      return;
    }
    addToSums(this.#sums, trade);
    this.#notionals.add(trade.notional);
    if (trade.heldMs !== null) this.#holdings.add(trade.heldMs);
  }
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
