import type { Trade } from "../client/index.ts";

/** More than this a board does not hold; the whole past is in `/api/trades?format=csv`. */
export const MOST_ROWS = 10_000;

/** Trades by id, newest happening first. */
export interface TradeRows {
  /** Takes trades in any order, from stream and REST alike; of two states of one trade the later (by seq) stays. */
  add(trades: readonly Trade[]): void;
  /** Forgets all others. */
  replace(trades: readonly Trade[]): void;
  all(): readonly Trade[];
}

export function createTradeRows(most = MOST_ROWS): TradeRows {
  let byId = new Map<string, Trade>();
  let sorted: readonly Trade[] = [];
  /** Not in `sorted` yet. */
  let fresh: Trade[] = [];
  let isMixed = false;

  const add = (trades: readonly Trade[]) => {
    for (const trade of trades) {
      const known = byId.get(trade.id);
      if (known !== undefined && known.seq >= trade.seq) continue;
      byId.set(trade.id, trade);
      fresh.push(trade);
      isMixed ||= known !== undefined;
    }
  };

  return {
    add,
    replace(trades) {
      byId = new Map();
      sorted = [];
      fresh = [];
      add(trades);
    },
    all() {
      if (fresh.length === 0) return sorted;
      fresh.sort((a, b) => b.seq - a.seq);
      const newest = sorted[0]?.seq ?? 0;
      // What just happened goes on top, many times a second: nothing else has to move for it.
      const rows =
        isMixed || (fresh.at(-1)?.seq ?? 0) <= newest
          ? [...byId.values()].sort((a, b) => b.seq - a.seq)
          : [...fresh, ...sorted];
      for (const trade of rows.splice(most)) byId.delete(trade.id);
      sorted = rows;
      fresh = [];
      isMixed = false;
      return rows;
    },
  };
}

/** The first row whose seq is this one or lower, in rows sorted newest first; their number where there is none. */
export function indexOfSeq(rows: readonly Trade[], seq: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.seq ?? 0) > seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A close happens later than the trade itself. */
export function happenedAt({ timestamp, closed_at }: Trade): string {
  return closed_at !== null && Date.parse(closed_at) > Date.parse(timestamp) ? closed_at : timestamp;
}
