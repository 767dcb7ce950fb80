import type { Quote } from "../contracts/market.ts";
import { percentChange, type Units } from "../contracts/units.ts";
import { addTick, type Candle, candleOf, MINUTE_MS, minuteOf, type Part, startPart } from "./part.ts";

const DAY_MS = 86_400_000;
/** Minutes kept: a day and an hour. */
const KEPT_MINUTES = 1500;
const HISTORY_POINTS = 288;

/**
 * A quote with the market's own clock. The two are the same but for a replay, whose prices are of today (`time`) and
 * whose candles are of the day they were recorded (`tradedAt`).
 */
export interface MarketQuote extends Quote {
  /** Unix milliseconds. */
  tradedAt: number;
}

interface Bar {
  minute: number;
  parts: Part[];
}

/** The 24 hours before a symbol's newest price. */
export interface Day {
  high: Units;
  low: Units;
  volume: Units;
  /** Percent; against the price 24 hours ago, or the oldest known one. */
  change: Units;
}

/** What is known of one symbol: the newest price, and a day of minutes from which all candles are made. */
export class SymbolBook {
  newest: MarketQuote | undefined;
  /** The last price of a feed: what its next one is held against, and where a simulated one goes on. */
  lastOfFeed: MarketQuote | undefined;
  /** In time order. */
  #bars: Bar[] = [];

  /** Adds a tick of this instance. @returns the part that it changed. */
  add(quote: MarketQuote, origin: string, price: Units, volume: Units): Part {
    const bar = this.#barOf(minuteOf(quote.tradedAt));
    const mine = bar.parts.find((part) => part.origin === origin);
    if (mine !== undefined) {
      addTick(mine, quote.tradedAt, price, volume);
      return mine;
    }
    const part = startPart(quote.symbol, origin, quote.tradedAt, price, volume);
    bar.parts.push(part);
    return part;
  }

  /** Takes another instance's part. @returns whether it was new or newer than the one known. */
  learn(part: Part): boolean {
    const oldest = (this.#bars.at(-1)?.minute ?? part.minute) - KEPT_MINUTES * MINUTE_MS;
    if (part.minute <= oldest) return false;
    const { parts } = this.#barOf(part.minute);
    const index = parts.findIndex(({ origin }) => origin === part.origin);
    if (index < 0) parts.push(part);
    else if ((parts[index]?.count ?? 0) < part.count) parts[index] = part;
    else return false;
    return true;
  }

  /** All parts kept, oldest first. */
  *parts(): Generator<Part> {
    for (const { parts } of this.#bars) yield* parts;
  }

  /** The newest `limit` candles of `intervalMs`, oldest first; none for an interval without a price. */
  candles(intervalMs: number, limit: number): (Candle & { time: number })[] {
    const found: (Candle & { time: number })[] = [];
    let end = this.#bars.length;
    while (end > 0 && found.length < limit) {
      const time = Math.floor((this.#bars[end - 1]?.minute ?? 0) / intervalMs) * intervalMs;
      let start = end - 1;
      while (start > 0 && (this.#bars[start - 1]?.minute ?? 0) >= time) start--;
      const candle = candleOf(this.#partsBetween(start, end));
      if (candle !== undefined) found.push({ time, ...candle });
      end = start;
    }
    return found.reverse();
  }

  day(): Day | undefined {
    const start = this.#dayStart();
    const candle = candleOf(this.#partsBetween(start, this.#bars.length));
    if (candle === undefined) return undefined;
    const before = candleOf(this.#bars[start - 1]?.parts ?? []);
    const { high, low, volume, close, open } = candle;
    return { high, low, volume, change: percentChange(before?.close ?? open, close) };
  }

  /** Points of the last 24 hours, oldest first, thinned evenly; the newest price is always among them. */
  history(): { time: number; price: Units }[] {
    const bars = this.#bars.slice(this.#dayStart());
    const step = Math.max(1, Math.ceil(bars.length / HISTORY_POINTS));
    return bars
      .filter((_, index) => (bars.length - 1 - index) % step === 0)
      .flatMap(({ parts }) => candleOf(parts) ?? [])
      .map(({ lastAt, close }) => ({ time: lastAt, price: close }));
  }

  #dayStart(): number {
    const newest = this.newest?.tradedAt ?? 0;
    const start = this.#bars.findIndex(({ minute }) => minute + MINUTE_MS > newest - DAY_MS);
    return start < 0 ? this.#bars.length : start;
  }

  *#partsBetween(start: number, end: number): Generator<Part> {
    for (let index = start; index < end; index++) yield* this.#bars[index]?.parts ?? [];
  }

  #barOf(minute: number): Bar {
    let index = this.#bars.length;
    while (index > 0 && (this.#bars[index - 1]?.minute ?? 0) > minute) index--;
    const known = this.#bars[index - 1];
    if (known?.minute === minute) return known;
    const bar: Bar = { minute, parts: [] };
    this.#bars.splice(index, 0, bar);
    const oldest = (this.#bars.at(-1)?.minute ?? 0) - KEPT_MINUTES * MINUTE_MS;
    while ((this.#bars[0]?.minute ?? minute) <= oldest) this.#bars.shift();
    return bar;
  }
}
