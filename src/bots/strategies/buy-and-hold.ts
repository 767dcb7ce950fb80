import type { Strategy } from "../strategy.ts";

/** Buys an equal part of everything, one symbol a second, and never sells. */
export const buyAndHold: Strategy = {
  model: "Buy and Hold",
  decide(market, holdings) {
    const missing = market.symbols.find(
      (symbol) => market.samples(symbol).length > 0 && !holdings.some((held) => held.symbol === symbol),
    );
    if (missing === undefined) return [];
    const note = `One ${market.symbols.length}th of the balance into ${missing}, to keep.`;
    return [{ action: "open", symbol: missing, side: "buy", share: 0.9 / market.symbols.length, note }];
  },
};
