/** What a bot sees of the market: one sample a second, USD a unit. */
export interface MarketView {
  symbols: readonly string[];
  /** The last samples, oldest first, the newest price last; empty where there is no price. */
  samples(symbol: string): readonly number[];
}

/** A position that a bot holds; one a symbol at most. */
export interface Holding {
  symbol: string;
  side: "buy" | "sell";
  /** How long it has been held, seconds. */
  seconds: number;
}

/** What a strategy wants done. `note` is its reason, for spectators. */
export type Decision =
  | {
      action: "open";
      symbol: string;
      side: "buy" | "sell";
      /** Of the balance, 0 to 1. */
      share: number;
      note: string;
    }
  | { action: "close"; symbol: string; note: string };

export interface Strategy {
  /** The model's name on the scoreboard. */
  model: string;
  /**
   * Asked once a second.
   * @param random a number from 0 to 1, as `Math.random` gives it.
   */
  decide(market: MarketView, holdings: readonly Holding[], random: () => number): Decision[];
}

/** The relative change from the first to the last sample; 0.01 is one per cent. */
export function changeOver(samples: readonly number[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  return first === undefined || last === undefined || first === 0 ? 0 : last / first - 1;
}

/** How many standard deviations the last sample lies above the mean of all; 0 where they do not vary. */
export function zScore(samples: readonly number[]): number {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / samples.length;
  return variance > 0 ? ((samples.at(-1) ?? mean) - mean) / Math.sqrt(variance) : 0;
}

/** `+0.12 %` */
export function percent(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(share * 100).toFixed(2)} %`;
}
