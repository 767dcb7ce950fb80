import type { Decision, Strategy } from "../strategy.ts";

const WINDOW = 30;
const FEWEST = 6;
const HOLD_SECONDS = 20;

/** Enters when a price leaves the range of the last half minute. */
export const breakout: Strategy = {
  model: "Breakout",
  decide(market, holdings) {
    return market.symbols.flatMap((symbol): Decision[] => {
      const samples = market.samples(symbol).slice(-WINDOW);
      const held = holdings.find((holding) => holding.symbol === symbol);
      if (held !== undefined) {
        if (held.seconds < HOLD_SECONDS) return [];
        return [{ action: "close", symbol, note: `Held for ${HOLD_SECONDS} s; taking what there is.` }];
      }
      const price = samples.at(-1);
      if (samples.length < FEWEST || price === undefined) return [];
      const range = samples.slice(0, -1);
      const [low, high] = [Math.min(...range), Math.max(...range)];
      if (price >= low && price <= high) return [];
      const isUp = price > high;
      const note = `${symbol} broke the ${isUp ? "high" : "low"} of the last ${range.length} s.`;
      return [{ action: "open", symbol, side: isUp ? "buy" : "sell", share: 0.1, note }];
    });
  },
};
