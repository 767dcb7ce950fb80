import { changeOver, type Decision, percent, type Strategy } from "../strategy.ts";

const WINDOW = 12;
const FEWEST = 4;
/** A move of this size in the window is a trend. */
const TREND = 0.0003;

/** Buys what rises and sells what falls, for as long as it goes on. */
export const momentum: Strategy = {
  model: "Momentum",
  decide(market, holdings) {
    return market.symbols.flatMap((symbol): Decision[] => {
      const samples = market.samples(symbol).slice(-WINDOW);
      if (samples.length < FEWEST) return [];
      const change = changeOver(samples);
      const held = holdings.find((holding) => holding.symbol === symbol);
      if (held !== undefined) {
        const isOver = held.side === "buy" ? change < 0 : change > 0;
        return isOver
          ? [
              {
                action: "close",
                symbol,
                note: `The trend is over: ${percent(change)} in ${samples.length} s.`,
              },
            ]
          : [];
      }
      if (Math.abs(change) < TREND) return [];
      const side = change > 0 ? "buy" : "sell";
      const note = `${symbol} moved ${percent(change)} in ${samples.length} s; going with it.`;
      return [{ action: "open", symbol, side, share: 0.15, note }];
    });
  },
};
