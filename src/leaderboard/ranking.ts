import { PRICE_STALE_MS } from "../contracts/market.ts";
import { TO_PRODUCTS, toUnits, type Units } from "../contracts/units.ts";
import type { PriceBook } from "../portfolio/index.ts";
import { rowText } from "./row-text.ts";
import type { ModelScore, Report } from "./score/model-score.ts";
import { readHoldings } from "./score/read-entry.ts";

/** Doubles that differ by more than this part of them are in the order of what they stand for. */
const SURE = 1e-12;

/** A model's place on the board. */
export interface Place {
  readonly model: string;
  readonly rank: number;
  /** The row as JSON. */
  text(): string;
}

/** The board that is ranked; the scoreboard. */
export interface RankedBoard {
  /** The same number, the same scores. */
  readonly changes: number;
  readonly size: number;
  get(model: string): ModelScore | undefined;
  scores(): Iterable<ModelScore>;
}

/**
 * Every model by its return, the highest first, those without one last; equal ones by equity, then by name. Equity is the
 * reported one, valued with live prices, where a portfolio was reported, else the ledger's. A score whose ledger is lost
 * has no place. What did not change is not worked out again, and texts are made for those who are shown.
 */
export class Ranking {
  readonly #board: RankedBoard;
  readonly #prices: PriceBook;
  /** Of all scores, those without a place at the end. */
  #standings: Standing[] = [];
  #places: readonly Standing[] = [];
  #changes = -1;
  #priceChanges = 0;
  #pricedAt = -1;

  constructor(board: RankedBoard, prices: PriceBook) {
    this.#board = board;
    this.#prices = prices;
  }

  /** A price has changed. */
  pricesChanged(): void {
    this.#priceChanges++;
  }

  /** All places in rank order; another array where anything but staleness may have changed. */
  places(): readonly Place[] {
    if (this.#changes === this.#board.changes && this.#pricedAt === this.#priceChanges) return this.#places;
    this.#changes = this.#board.changes;
    this.#pricedAt = this.#priceChanges;
    const price = pricesOnce(this.#prices);
    // In the order of before they are nearly sorted, which costs one comparison a model.
    const standings = this.#standings.filter(({ score }) => this.#board.get(score.model) === score);
    if (standings.length < this.#board.size) {
      const known = new Set(standings.map(({ score }) => score));
      for (const score of this.#board.scores()) if (!known.has(score)) standings.push(new Standing(score));
    }
    for (const standing of standings) standing.value(price, this.#pricedAt);
    standings.sort(compare);
    this.#standings = standings;
    const end = standings.findIndex(({ hasPlace }) => !hasPlace);
    this.#places = end < 0 ? standings : standings.slice(0, end);
    this.#places.forEach((standing, index) => {
      standing.rank = index + 1;
    });
    return this.#places;
  }
}

interface Price {
  units: Units;
  /** Unix milliseconds. */
  time: number;
}
type PriceOf = (symbol: string) => Price | undefined;

function pricesOnce(prices: PriceBook): PriceOf {
  const known = new Map<string, Price | undefined>();
  return (symbol) => {
    if (known.has(symbol)) return known.get(symbol);
    const quote = prices.get(symbol);
    const price = quote && { units: toUnits(quote.price), time: quote.time };
    known.set(symbol, price);
    return price;
  };
}

interface Holding {
  symbol: string;
  qty: Units;
  avgPrice: Units;
}

class Standing implements Place {
  readonly score: ModelScore;
  rank = 0;
  /** False where the ledger is lost. */
  hasPlace = true;
  /** In 10⁻³⁶. */
  start = 0n;
  equity = 0n;
  #ledger = 0n;
  #reported: bigint | null = null;
  /** equity ÷ start as a double, to compare with; without a start below all others. */
  ratio = 0;
  #version = -1;
  #report: Report | null | undefined;
  #balance = 0n;
  #holdings: Holding[] = [];
  #pricedAt = -1;
  /** Of the prices used. */
  #oldest = Number.POSITIVE_INFINITY;
  #isMissing = false;
  #shown: { rank: number; stale: boolean; text: string } | undefined;
  #lastTradeAt: number | null = null;

  constructor(score: ModelScore) {
    this.score = score;
  }

  get model(): string {
    return this.score.model;
  }

  /** @param pricedAt the same number, the same prices. */
  value(price: PriceOf, pricedAt: number): void {
    const { version, report, lastTradeAt, isLost } = this.score;
    this.hasPlace = !isLost;
    if (isLost) {
      this.#version = -1;
      this.ratio = Number.NEGATIVE_INFINITY;
      return;
    }
    const hasReport = report !== this.#report;
    const isPriced = pricedAt === this.#pricedAt || this.#holdings.length === 0;
    if (version === this.#version && !hasReport && isPriced) {
      if (lastTradeAt !== this.#lastTradeAt) this.#shown = undefined;
      this.#lastTradeAt = lastTradeAt;
      return;
    }
    if (hasReport && report !== null) this.#hold(report);
    this.#version = version;
    this.#report = report;
    this.#pricedAt = pricedAt;
    this.#lastTradeAt = lastTradeAt;
    const { curve } = this.score;
    this.start = (curve?.start ?? 0n) * TO_PRODUCTS;
    this.#ledger = (curve?.equity ?? 0n) * TO_PRODUCTS;
    this.#reported = report === null ? null : this.#valueReport(price);
    this.equity = this.#reported ?? this.#ledger;
    this.ratio = this.start === 0n ? Number.NEGATIVE_INFINITY : Number(this.equity) / Number(this.start);
    this.#shown = undefined;
  }

  text(): string {
    const stale = this.#isMissing || Date.now() - this.#oldest > PRICE_STALE_MS;
    const { rank, start, equity } = this;
    if (this.#shown?.rank === rank && this.#shown.stale === stale) return this.#shown.text;
    const worth = { rank, start, equity, ledger: this.#ledger, reported: this.#reported, stale };
    const text = rowText(this.score, worth);
    this.#shown = { rank, stale, text };
    return text;
  }

  #hold(report: Report): void {
    const { balance, positions } = readHoldings(report.body);
    this.#balance = toUnits(balance) * TO_PRODUCTS;
    this.#holdings = positions.map(({ symbol, qty, avg_price }) => ({
      symbol,
      qty: toUnits(qty),
      avgPrice: toUnits(avg_price),
    }));
  }

  /** Balance + Σ qty × (live price − avg_price); a position without a price counts as 0. */
  #valueReport(priceOf: PriceOf): bigint {
    let equity = this.#balance;
    this.#oldest = Number.POSITIVE_INFINITY;
    this.#isMissing = false;
    for (const { symbol, qty, avgPrice } of this.#holdings) {
      const price = priceOf(symbol);
      if (price === undefined) this.#isMissing = true;
      else {
        equity += qty * (price.units - avgPrice);
        this.#oldest = Math.min(this.#oldest, price.time);
      }
    }
    return equity;
  }
}

function compare(a: Standing, b: Standing): number {
  if (a.hasPlace !== b.hasPlace) return a.hasPlace ? -1 : 1;
  if (Math.abs(a.ratio - b.ratio) > SURE * Math.max(Math.abs(a.ratio), Math.abs(b.ratio))) {
    return b.ratio - a.ratio;
  }
  return compareExactly(a, b);
}

/** Crosswise, so that no quotient is rounded: a's equity ÷ a's start against b's. A start of 0 has no return. */
function compareExactly(a: Standing, b: Standing): number {
  const withoutReturn = Number(a.start === 0n) - Number(b.start === 0n);
  if (withoutReturn !== 0) return withoutReturn;
  const left = a.start === 0n ? 0n : a.equity * b.start;
  const right = a.start === 0n ? 0n : b.equity * a.start;
  if (left !== right) return left > right ? -1 : 1;
  if (a.equity !== b.equity) return a.equity > b.equity ? -1 : 1;
  return a.model < b.model ? -1 : 1;
}
