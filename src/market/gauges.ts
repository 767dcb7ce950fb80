import { DROP_REASONS } from "./feeds/feed.ts";
import type { PriceBoard } from "./price-board.ts";

export type MarketGauges = Record<string, { help: string; read: () => number }>;

/** What `/metrics` shows of the market. */
export function marketGauges(
  board: PriceBoard,
  feed: { restarts: () => number; isHolder: () => boolean },
): MarketGauges {
  const dropped = DROP_REASONS.map((reason) => [
    `market_dropped_${reason}_total`,
    { help: `Ticks that were not taken: ${reason.replaceAll("_", " ")}`, read: () => board.dropped[reason] },
  ]);
  return {
    market_ticks_total: { help: "Ticks that this instance has taken", read: () => board.ticks },
    ...Object.fromEntries(dropped),
    market_feed_restarts_total: { help: "Times the feed failed", read: feed.restarts },
    market_feed_holder: {
      help: "1 where this instance runs the feed",
      read: () => (feed.isHolder() ? 1 : 0),
    },
  };
}
