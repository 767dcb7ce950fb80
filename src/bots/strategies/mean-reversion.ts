import { type Decision, type Strategy, zScore } from "../strategy.ts";

const WINDOW = 40;
const FEWEST = 8;
const STRETCHED = 1.8;
const BACK = 0.3;
const PATIENCE_SECONDS = 90;

/** Bets that a price which ran away from its average comes back. */
export const meanReversion: Strategy = {
  model: "Mean Reversion",
  decide(market, holdings) {
    return market.symbols.flatMap((symbol): Decision[] => {
      const samples = market.samples(symbol).slice(-WINDOW);
      if (samples.length < FEWEST) return [];
      const distance = zScore(samples);
      const held = holdings.find((holding) => holding.symbol === symbol);
      if (held !== undefined) {
        const isBack = held.side === "buy" ? distance > -BACK : distance < BACK;
        if (isBack) return [{ action: "close", symbol, note: "Back at its average." }];
        if (held.seconds < PATIENCE_SECONDS) return [];
        return [{ action: "close", symbol, note: `Not back after ${PATIENCE_SECONDS} s; giving up.` }];
      }
      if (Math.abs(distance) < STRETCHED) return [];
      const where = distance > 0 ? "above" : "below";
      const note = `${symbol} is ${Math.abs(distance).toFixed(1)} standard deviations ${where} its average of ${samples.length} s.`;
      return [{ action: "open", symbol, side: distance > 0 ? "sell" : "buy", share: 0.12, note }];
    });
  },
};
