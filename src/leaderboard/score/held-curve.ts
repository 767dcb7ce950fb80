import type { Units } from "../../contracts/units.ts";
import {
  addTrade,
  type Curve,
  copyCurve,
  isBefore,
  isUntouched,
  type LedgerTrade,
  startCurve,
} from "./curve.ts";

/**
 * A curve to which trades come nearly in order. One that is the newest is added at once. So that one that comes a little
 * late does not cost a look at all others, the newest ones (`keep` to twice as many) are held beside the curve up to them.
 */
export class HeldCurve {
  readonly #keep: () => number;
  #base: Curve;
  #newest: LedgerTrade[] = [];
  #current: Curve | undefined;

  /** @param keep how many trades to hold; asked whenever some may be let go. */
  constructor(keep: () => number, curve: Curve) {
    this.#keep = keep;
    this.#base = curve;
  }

  /** Up to the newest trade. Not to be changed. */
  get current(): Curve {
    this.#current ??= walk(copyCurve(this.#base), this.#newest);
    return this.#current;
  }

  /** @returns false where the trade belongs before those that are held: then nothing is done. */
  place(trade: LedgerTrade): boolean {
    if (isBefore(trade, this.#base.last)) return false;
    const newest = this.#newest;
    let index = newest.length;
    while (index > 0 && isBefore(trade, newest[index - 1] as LedgerTrade)) index--;
    if (index < newest.length) this.#current = undefined;
    else if (this.#current !== undefined) addTrade(this.#current, trade);
    newest.splice(index, 0, trade);
    const keep = this.#keep();
    if (newest.length >= keep * 2) {
      walk(this.#base, newest.slice(0, -keep));
      this.#newest = newest.slice(-keep);
    }
    return true;
  }

  /** @returns false where trades that are no longer held were counted from another start: then nothing is done. */
  startWith(balance: Units): boolean {
    if (!isUntouched(this.#base)) return false;
    this.#base = startCurve(balance);
    this.#current = undefined;
    return true;
  }
}

function walk(curve: Curve, trades: readonly LedgerTrade[]): Curve {
  for (const trade of trades) addTrade(curve, trade);
  return curve;
}
