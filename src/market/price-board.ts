import { canonicalDecimal } from "../contracts/decimal.ts";
import type { PostedPrices, Quote } from "../contracts/market.ts";
import { z } from "../contracts/zod.ts";

export interface PriceBoardOptions {
  /** A newest price has changed here: live clients and other instances want to know. */
  onChange: (quotes: Quote[]) => void;
}

const quotesShape = z.array(
  z.object({
    symbol: z.string(),
    price: z.string().refine((text) => canonicalDecimal(text) === text),
    volume: z.string().nullable(),
    time: z.int(),
    source: z.string(),
  }),
);

/** The newest price of each symbol, in memory. */
export class PriceBoard {
  readonly #quotes = new Map<string, Quote>();
  readonly #options: PriceBoardOptions;

  constructor(options: PriceBoardOptions) {
    this.#options = options;
  }

  get(symbol: string): Quote | undefined {
    return this.#quotes.get(symbol);
  }

  all(): Quote[] {
    return [...this.#quotes.values()];
  }

  /** Takes prices from a feed or a client. @returns those that were newer than what was there. */
  post(quotes: Quote[]): Quote[] {
    const newer = quotes.filter((quote) => this.#take(quote));
    if (newer.length > 0) this.#options.onChange(newer);
    return newer;
  }

  /** Takes what another instance or Redis says; anything that is no list of quotes is dropped. */
  learn(text: string): Quote[] {
    try {
      return quotesShape.parse(JSON.parse(text)).filter((quote) => this.#take(quote));
    } catch {
      return [];
    }
  }

  #take(quote: Quote): boolean {
    const known = this.#quotes.get(quote.symbol);
    if (known !== undefined && known.time > quote.time) return false;
    this.#quotes.set(quote.symbol, quote);
    return true;
  }
}

/** Quotes out of a request; a price without a time is of now. */
export function quotesOf(posted: PostedPrices, now = Date.now()): Quote[] {
  return posted.prices.map(({ symbol, price, volume, timestamp }) => ({
    symbol,
    price,
    volume: volume ?? null,
    time: timestamp === undefined ? now : Date.parse(timestamp),
    source: "api",
  }));
}

/** A quote as live clients get it. */
export function quoteText(quote: Quote): string {
  const { symbol, price, volume, time, source } = quote;
  return `{"symbol":${JSON.stringify(symbol)},"price":${price},"volume":${volume},"as_of":"${new Date(time).toISOString()}","source":${JSON.stringify(source)}}`;
}
