import type { Units } from "../contracts/units.ts";

/** A closed trade in the ledger: its time is `closed_at`, or `timestamp` where there is none, in Unix milliseconds. */
export interface LedgerEntry {
  time: number;
  id: string;
  pnl: Units;
}

/**
 * What a model has made up to each of its closed trades, in the ledger's order: by time, ties by id. So each point of its
 * curve is at hand, and a trade that comes late moves those after it.
 */
export class LedgerCurve {
  #times: number[] = [];
  #sums: Units[] = [];
  /** The ids of the trades at the newest time: where another one belongs among them. */
  #newestIds: string[] = [];
  #isThinned = false;

  get length(): number {
    return this.#times.length;
  }

  time(index: number): number {
    return this.#times[index] as number;
  }

  /** The sum of all PnL up to this trade. */
  sum(index: number): Units {
    return this.#sums[index] as Units;
  }

  /** How many trades are before this moment. */
  countBefore(time: number): number {
    return lowerBound(this.#times, time);
  }

  /**
   * Adds closed trades in any order.
   * @returns false, and adds none, where one is of the same moment as an older one, whose id is no longer known.
   */
  add(entries: readonly LedgerEntry[]): boolean {
    const sorted = entries.toSorted(compareEntries);
    const first = sorted[0];
    if (first === undefined) return true;
    if (sorted.some(({ time }) => this.#isTieOfOld(time))) return false;
    const newest = this.#times.at(-1);
    const newestIds = this.#newestIds;
    const start = this.countBefore(first.time);
    const later = { times: this.#times.splice(start), sums: this.#sums.splice(start) };
    const newestStart = later.times.length - newestIds.length;
    let next = 0;
    let added = 0n;
    const takeLater = () => {
      this.#times.push(later.times[next] as number);
      this.#sums.push((later.sums[next] as Units) + added);
      next++;
    };
    const isFirst = (entry: LedgerEntry) => {
      const time = later.times[next] as number;
      if (time !== entry.time) return time < entry.time;
      return compareIds(newestIds[next - newestStart] as string, entry.id) < 0;
    };
    for (const entry of sorted) {
      while (next < later.times.length && isFirst(entry)) takeLater();
      // Of a thinned curve the place before is not known, so there only what comes after can be moved.
      if (!this.#isThinned || next >= later.times.length) {
        this.#sums.push((this.#sums.at(-1) ?? 0n) + entry.pnl);
        this.#times.push(entry.time);
      }
      added += entry.pnl;
    }
    while (next < later.times.length) takeLater();
    const time = this.#times.at(-1);
    const ids = sorted.flatMap((entry) => (entry.time === time ? [entry.id] : []));
    this.#newestIds = newest === time ? [...newestIds, ...ids].sort(compareIds) : ids;
    return true;
  }

  /** Lets go of every second place; the newest stays. */
  thin(): void {
    const last = this.#times.length - 1;
    const isKept = (_: unknown, index: number) => (last - index) % 2 === 0;
    this.#times = this.#times.filter(isKept);
    this.#sums = this.#sums.filter(isKept);
    this.#newestIds = this.#newestIds.slice(-1);
    this.#isThinned = true;
  }

  #isTieOfOld(time: number): boolean {
    const index = this.countBefore(time);
    return this.#times[index] === time && index < this.#times.length - this.#newestIds.length;
  }
}

/** The first index whose value is not below. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const compareEntries = (a: LedgerEntry, b: LedgerEntry) => a.time - b.time || compareIds(a.id, b.id);

/** As bytes, which is how PostgreSQL has them in order. */
function compareIds(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
