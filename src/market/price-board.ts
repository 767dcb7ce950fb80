import type { Quote } from "../contracts/market.ts";
import { toUnits } from "../contracts/units.ts";
import { DROP_REASONS, type DropReason, POSTED, type Tick } from "./feeds/feed.ts";
import type { Part } from "./part.ts";
import { changesClock, FUTURE_MS, screenTick } from "./screen-tick.ts";
import { type MarketQuote, SymbolBook } from "./symbol-book.ts";

const MAX_SYMBOLS = 1000;
/** A symbol without a price for so long has no candle left. */
const FORGET_MS = 25 * 3_600_000;

/** What has changed since it was last asked for. */
export interface Changes {
  quotes: MarketQuote[];
  parts: Part[];
}

/** The newest price and the last day of every symbol, in memory. */
export class PriceBoard {
  readonly #books = new Map<string, SymbolBook>();
  readonly #origin: string;
  #changedSymbols = new Set<string>();
  #changedParts = new Set<Part>();
  /** Ticks taken from feeds and posts. */
  ticks = 0;
  readonly dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<
    DropReason,
    number
  >;

  /** @param origin names this start of this instance; must be unique. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  get(symbol: string): MarketQuote | undefined {
    return this.#books.get(symbol)?.newest;
  }

  all(): MarketQuote[] {
    return [...this.#books.values()].flatMap(({ newest }) => newest ?? []);
  }

  book(symbol: string): SymbolBook | undefined {
    return this.#books.get(symbol);
  }

  books(): Iterable<SymbolBook> {
    return this.#books.values();
  }

  /** Takes ticks of a feed, or posted ones (`source` is `POSTED`). @returns those that were taken. */
  take(ticks: readonly Tick[], source: string, now = Date.now()): MarketQuote[] {
    return ticks.flatMap((tick) => this.#takeOne(tick, source, now) ?? []);
  }

  /** Takes what another instance or Redis says. @returns the quotes that were news. */
  learn({ quotes, parts }: Changes): MarketQuote[] {
    const latest = Date.now() + FUTURE_MS;
    for (const part of parts) {
      if (part.minute <= latest) this.#bookFor(part.symbol, latest)?.learn(part);
    }
    return quotes.filter((quote) => {
      if (quote.tradedAt > latest) return false;
      const book = this.#bookFor(quote.symbol, latest);
      if (book === undefined || (book.newest?.tradedAt ?? 0) > quote.tradedAt) return false;
      show(book, quote);
      return true;
    });
  }

  /** What this instance itself has taken since the last call; conflated, so the newest state of each. */
  changes(): Changes {
    const quotes = [...this.#changedSymbols].flatMap((symbol) => this.get(symbol) ?? []);
    const parts = [...this.#changedParts];
    this.#changedSymbols = new Set();
    this.#changedParts = new Set();
    return { quotes, parts };
  }

  drop(reason: DropReason): undefined {
    this.dropped[reason]++;
    return undefined;
  }

  #takeOne(tick: Tick, source: string, now: number): MarketQuote | undefined {
    const known = this.#books.get(tick.symbol);
    const judged = screenTick(tick, source, known, now);
    if (typeof judged === "string") return this.drop(judged);
    if (known?.newest !== undefined && changesClock(tick, source, known.newest))
      this.#books.delete(tick.symbol);
    const book = this.#bookFor(tick.symbol, now);
    if (book === undefined) return this.drop("too_many_symbols");
    const { symbol, tradedAt, asOf = tradedAt } = tick;
    const { price, volume } = judged;
    const quote: MarketQuote = { symbol, price, volume, time: asOf, tradedAt, source };
    this.ticks++;
    this.#changedParts.add(book.add(quote, this.#origin, judged.units, toUnits(volume ?? "0")));
    this.#changedSymbols.add(symbol);
    show(book, quote);
    return quote;
  }

  /** The book of a symbol; undefined where it would be one too many. */
  #bookFor(symbol: string, now: number): SymbolBook | undefined {
    const known = this.#books.get(symbol);
    if (known !== undefined) return known;
    if (this.#books.size >= MAX_SYMBOLS && !this.#forgetOne(now)) return undefined;
    const book = new SymbolBook();
    this.#books.set(symbol, book);
    return book;
  }

  #forgetOne(now: number): boolean {
    for (const [symbol, { newest }] of this.#books) {
      if ((newest?.time ?? 0) < now - FORGET_MS) return this.#books.delete(symbol);
    }
    return false;
  }
}

function show(book: SymbolBook, quote: MarketQuote): void {
  book.newest = quote;
  if (quote.source !== POSTED) book.lastOfFeed = quote;
}

/** A quote as live clients get it. */
export function quoteText(quote: Quote): string {
  const { symbol, price, volume, time, source } = quote;
  return `{"symbol":${JSON.stringify(symbol)},"price":${price},"volume":${volume},"as_of":"${new Date(time).toISOString()}","source":${JSON.stringify(source)}}`;
}
