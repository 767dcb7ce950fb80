import { type Changing, createChanges } from "../board/changes.ts";
import type { Prices } from "../board/prices.ts";
import { getUntilThere, type Trouble } from "../board/rest.ts";
import type { Market, PlaygroundClient } from "../client/index.ts";
import { liveMarket } from "./live-market.ts";

/** What lies a day back moves on even where no price comes. */
const RELOAD_MS = 30_000;

/** Every symbol's last 24 hours by REST, moved on by each price. */
export interface MarketFeed extends Changing {
  /** In the service's order. */
  readonly markets: readonly Market[];
  readonly isLoaded: boolean;
  readonly trouble: Trouble | undefined;
  start(client: PlaygroundClient): void;
}

export function createMarketFeed(prices: Prices): MarketFeed {
  const { changed, subscribe } = createChanges();
  let known: readonly Market[] = [];
  let isLoaded = false;
  let trouble: Trouble | undefined;
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const load = async () => {
    clearTimeout(timer);
    const mine = ++generation;
    const page = await getUntilThere<{ markets: Market[] }>(
      "/api/markets",
      (met) => {
        trouble = met;
        changed();
      },
      () => mine === generation,
    );
    if (mine !== generation) return;
    if (page !== undefined) known = page.markets;
    isLoaded = true;
    timer = setTimeout(() => void load(), RELOAD_MS);
    changed();
  };
  prices.subscribe(() => {
    // A symbol that has its first price now.
    if (isLoaded && prices.all().some(({ symbol }) => known.every((market) => market.symbol !== symbol))) {
      isLoaded = false;
      void load();
    }
    changed();
  });

  return {
    subscribe,
    get markets() {
      return known.map((market) => liveMarket(market, prices.get(market.symbol)));
    },
    get isLoaded() {
      return isLoaded || known.length > 0;
    },
    get trouble() {
      return trouble;
    },
    start(client) {
      client.on("reset", () => void load());
      void load();
    },
  };
}
