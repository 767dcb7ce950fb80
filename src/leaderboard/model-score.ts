import { DEFAULT_STARTING_BALANCE } from "../contracts/portfolio.ts";
import { toUnits, type Units } from "../contracts/units.ts";
import {
  addTrade,
  type Curve,
  copyCurve,
  isBefore,
  isUntouched,
  type LedgerTrade,
  startCurve,
} from "./curve.ts";
import { readLastUpdate, type TradeFacts } from "./read-entry.ts";

/** Sums that do not ask for the order of the trades; closed trades only, but for `lastTradeAt`. */
export interface Tally {
  trades: number;
  wins: number;
  realized: Units;
  fees: Units;
  /** The newest moment at which a trade was made or closed; Unix milliseconds, null without a trade. */
  lastTradeAt: number | null;
}

/** What a model last reported: JSON text with `balance` and `positions`. */
export interface Report {
  seq: number;
  body: string;
}

/** A score as it is saved and loaded. `curve` is null where it has to be read again. */
export interface ScoreState extends Tally {
  model: string;
  start: Units;
  version: number;
  report: Report | null;
  curve: Curve | null;
}

const DEFAULT_START = toUnits(DEFAULT_STARTING_BALANCE);

/**
 * One model's score. A trade that is the newest in the ledger's order is added at once. So that a trade that comes a
 * little late does not cost a look at all others, the newest ones (`keep` to twice as many) are held beside the curve up
 * to them. One that belongs before those, or a starting balance that comes late, loses the curve: it must be read again.
 */
export class ModelScore {
  readonly model: string;
  readonly tally: Tally;
  readonly #keep: number;
  #start: Units;
  /** Seq of the last entry that changed the ledger: the same number, the same ledger. */
  #version: number;
  #report: Report | null;
  #base: Curve;
  #newest: LedgerTrade[] = [];
  #current: Curve | undefined;
  #isLost: boolean;
  /** What came while the curve is being read again. */
  #meanwhile: LedgerTrade[] | undefined;

  constructor(model: string, keep: number, state?: ScoreState) {
    this.model = model;
    this.#keep = keep;
    const { trades = 0, wins = 0, realized = 0n, fees = 0n, lastTradeAt = null } = state ?? {};
    this.tally = { trades, wins, realized, fees, lastTradeAt };
    this.#start = state?.start ?? DEFAULT_START;
    this.#version = state?.version ?? 0;
    this.#report = state?.report ?? null;
    this.#base = state?.curve ?? startCurve(this.#start);
    this.#isLost = state?.curve === null;
  }

  get start(): Units {
    return this.#start;
  }

  get version(): number {
    return this.#version;
  }

  get report(): Report | null {
    return this.#report;
  }

  /** Whether the curve must be read again from the trades. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** The ledger's curve; undefined while it is lost. Not to be changed. */
  get curve(): Curve | undefined {
    if (this.#isLost) return undefined;
    this.#current ??= this.#walk(copyCurve(this.#base), this.#newest);
    return this.#current;
  }

  noteTrade(
    facts: Pick<TradeFacts, "id" | "isClosed" | "time" | "timestamp" | "pnl" | "fee">,
    seq: number,
  ): void {
    const { tally } = this;
    const { id, isClosed, time, timestamp, pnl, fee } = facts;
    tally.lastTradeAt = Math.max(tally.lastTradeAt ?? timestamp, timestamp, time);
    if (!isClosed) return;
    tally.trades++;
    if (pnl > 0n) tally.wins++;
    tally.realized += pnl;
    tally.fees += fee;
    this.#version = seq;
    this.#place({ time, id, pnl });
  }

  /**
   * The first report says what the model started with. One of before what stands there replaces nothing.
   * @param start what it says; where it does not, its balance counts, unless the model has traded before.
   */
  noteReport(report: Report, balance: Units, start?: Units): void {
    if (this.#report === null) {
      this.#version = Math.max(this.#version, report.seq);
      const hasTraded = this.tally.lastTradeAt !== null;
      this.#startWith(start ?? (hasTraded ? this.#start : balance));
    } else if (readLastUpdate(report) < readLastUpdate(this.#report)) return;
    this.#report = report;
  }

  /** Begins to read the curve again; from now on what comes is kept for `finishReading`. @returns the start. */
  beginReading(): Units {
    this.#meanwhile = [];
    return this.#start;
  }

  /** Takes the curve of all trades up to `beginReading`; without one the reading has failed. */
  finishReading(curve: Curve | undefined): void {
    const meanwhile = this.#meanwhile ?? [];
    this.#meanwhile = undefined;
    if (curve === undefined || curve.start !== this.#start) return;
    this.#isLost = false;
    this.#base = curve;
    this.#newest = [];
    this.#current = undefined;
    for (const trade of meanwhile) this.#place(trade);
  }

  state(): ScoreState {
    const { model, tally, start, version, report, curve = null } = this;
    return { model, ...tally, start, version, report, curve: curve && copyCurve(curve) };
  }

  #startWith(balance: Units): void {
    if (balance === this.#start) return;
    this.#start = balance;
    // A base without a trade is only the starting balance.
    if (isUntouched(this.#base)) this.#base = startCurve(balance);
    else this.#isLost = true;
    this.#current = undefined;
  }

  #place(trade: LedgerTrade): void {
    if (this.#meanwhile !== undefined) {
      this.#meanwhile.push(trade);
      return;
    }
    if (this.#isLost) return;
    if (isBefore(trade, this.#base.last)) {
      this.#isLost = true;
      return;
    }
    const newest = this.#newest;
    let index = newest.length;
    while (index > 0 && isBefore(trade, newest[index - 1] as LedgerTrade)) index--;
    if (index < newest.length) this.#current = undefined;
    else if (this.#current !== undefined) addTrade(this.#current, trade);
    newest.splice(index, 0, trade);
    if (newest.length < this.#keep * 2) return;
    this.#walk(this.#base, newest.slice(0, this.#keep));
    this.#newest = newest.slice(this.#keep);
  }

  #walk(curve: Curve, trades: readonly LedgerTrade[]): Curve {
    for (const trade of trades) addTrade(curve, trade);
    return curve;
  }
}
