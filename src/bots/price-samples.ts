import type { MarketView } from "./strategy.ts";

const KEPT = 120;

/** The last two minutes of prices, one sample a second. */
export class PriceSamples implements MarketView {
  readonly #samples = new Map<string, number[]>();

  get symbols(): readonly string[] {
    return [...this.#samples.keys()];
  }

  samples(symbol: string): readonly number[] {
    return this.#samples.get(symbol) ?? [];
  }

  /** Takes the newest price of a symbol. */
  add(symbol: string, price: number): void {
    const samples = this.#samples.get(symbol) ?? [];
    samples.push(price);
    if (samples.length > KEPT) samples.shift();
    this.#samples.set(symbol, samples);
  }
}
