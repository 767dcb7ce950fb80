import type { Decision, Strategy } from "../strategy.ts";

const ENTER_CHANCE = 0.25;
const LEAVE_CHANCE = 0.06;

/** Trades at random: what every other strategy has to beat. */
export const coinFlip: Strategy = {
  model: "Coin Flip",
  decide(market, holdings, random) {
    const decisions = holdings
      .filter(() => random() < LEAVE_CHANCE)
      .map(({ symbol }): Decision => ({ action: "close", symbol, note: "The coin said: out." }));
    const free = market.symbols.filter(
      (symbol) => market.samples(symbol).length > 0 && !holdings.some((held) => held.symbol === symbol),
    );
    const symbol = free[Math.floor(random() * free.length)];
    if (symbol !== undefined && random() < ENTER_CHANCE) {
      const side = random() < 0.5 ? "buy" : "sell";
      decisions.push({ action: "open", symbol, side, share: 0.1, note: `The coin said: ${side}.` });
    }
    return decisions;
  },
};
