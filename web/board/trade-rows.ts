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
  let sorted: readonly Trade[] | undefined = [];

  const add = (trades: readonly Trade[]) => {
    for (const trade of trades) {
      const known = byId.get(trade.id);
      if (known !== undefined && known.seq >= trade.seq) continue;
      byId.set(trade.id, trade);
      sorted = undefined;
    }
  };

  return {
    add,
    replace(trades) {
      byId = new Map();
      sorted = undefined;
      add(trades);
    },
    all() {
      if (sorted !== undefined) return sorted;
      const rows = [...byId.values()].sort((a, b) => b.seq - a.seq);
      for (const trade of rows.splice(most)) byId.delete(trade.id);
      sorted = rows;
      return rows;
    },
  };
}

/** A close happens later than the trade itself. */
export function happenedAt({ timestamp, closed_at }: Trade): string {
  return closed_at !== null && Date.parse(closed_at) > Date.parse(timestamp) ? closed_at : timestamp;
}
