import type { Price } from "../client/index.ts";
import { type Changing, createChanges } from "./changes.ts";

/** A price with the direction of its last change. */
export interface BoardPrice extends Price {
  direction: -1 | 0 | 1;
}

/** The newest price of each symbol. */
export interface Prices extends Changing {
  take(prices: readonly Price[]): void;
  get(symbol: string): BoardPrice | undefined;
  /** In the order in which they were first seen, so that nothing jumps. */
  all(): BoardPrice[];
}

export function createPrices(): Prices {
  const bySymbol = new Map<string, BoardPrice>();
  const { changed, subscribe } = createChanges();
  return {
    subscribe,
    take(prices) {
      for (const next of prices) {
        const known = bySymbol.get(next.symbol);
        const change = Math.sign(next.price - (known?.price ?? next.price)) as -1 | 0 | 1;
        bySymbol.set(next.symbol, { ...next, direction: change === 0 ? (known?.direction ?? 0) : change });
      }
      changed();
    },
    get: (symbol) => bySymbol.get(symbol),
    all: () => [...bySymbol.values()],
  };
}
