import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { hashOf } from "../hash.ts";
import type { Feed, Tick } from "./feed.ts";
import { createRandom, type Random } from "./random.ts";

const STEP_MS = 100;
/** A symbol ticks in three of ten steps: about three times a second. */
const TICK_CHANCE = 0.3;
const DAY_MS = 86_400_000;
/** A step that comes late, as after a pause of the process, moves prices by no more than this. */
const LONGEST_STEP_MS = 5_000;
/** How much of a symbol's moves it shares with all others; crypto assets move together. */
const CORRELATION = 0.7;
const MEDIAN_NOTIONAL = 2_000;

/** Start price in USD, and the standard deviation of a day's log return. */
const KNOWN: Record<string, { price: number; volatility: number }> = {
  BTC: { price: 65_000, volatility: 0.025 },
  ETH: { price: 3_200, volatility: 0.033 },
  SOL: { price: 150, volatility: 0.045 },
  BNB: { price: 580, volatility: 0.028 },
  DOGE: { price: 0.15, volatility: 0.055 },
  XRP: { price: 0.55, volatility: 0.04 },
};

interface Walk {
  symbol: string;
  price: number;
  volatility: number;
  /** The common factor as of this symbol's last tick. */
  common: number;
  lastAt: number;
}

/**
 * A random walk: geometric Brownian motion with one common factor and one of each symbol's own, sampled at random
 * moments. It goes on from the last known price.
 * @param seed the same seed makes the same random numbers.
 */
export function simulatedFeed(seed = randomInt(2 ** 32)): Feed {
  return {
    name: "simulated",
    check: async () => {},
    async run({ symbols, signal, emit, lastKnown }) {
      const random = createRandom(seed);
      const now = Date.now();
      const walks = symbols.map((symbol) => startWalk(symbol, lastKnown(symbol)?.price, now));
      let common = 0;
      let steppedAt = now;
      // All at once first, so that every price is there from the start.
      emit(walks.map((walk) => tickOf(walk, random, now)));
      while (!signal.aborted) {
        await sleep(STEP_MS, undefined, { signal }).catch(() => {});
        const time = Date.now();
        common += Math.sqrt(daysBetween(steppedAt, time)) * random.normal();
        steppedAt = time;
        const ticking = walks.filter(() => random.uniform() < TICK_CHANCE);
        for (const walk of ticking) move(walk, common, time, random);
        emit(ticking.map((walk) => tickOf(walk, random, time)));
      }
    },
  };
}

function startWalk(symbol: string, lastPrice: string | undefined, now: number): Walk {
  const { price, volatility } = KNOWN[symbol] ?? inventedAsset(symbol);
  return {
    symbol,
    price: lastPrice === undefined ? price : Number(lastPrice),
    volatility,
    common: 0,
    lastAt: now,
  };
}

/** Something plausible that is the same every time: 0.01 to 1000 USD, 3 to 8 % a day. */
function inventedAsset(symbol: string): { price: number; volatility: number } {
  return { price: 10 ** (hashOf(symbol) * 5 - 2), volatility: 0.03 + 0.05 * hashOf(`${symbol} volatility`) };
}

function move(walk: Walk, common: number, time: number, random: Random): void {
  const own = Math.sqrt(daysBetween(walk.lastAt, time)) * random.normal();
  const shared = Math.sqrt(CORRELATION) * (common - walk.common);
  walk.price *= Math.exp(walk.volatility * (shared + Math.sqrt(1 - CORRELATION) * own));
  walk.common = common;
  walk.lastAt = time;
}

function daysBetween(from: number, to: number): number {
  return Math.min(LONGEST_STEP_MS, Math.max(0, to - from)) / DAY_MS;
}

function tickOf({ symbol, price }: Walk, random: Random, time: number): Tick {
  const volume = (MEDIAN_NOTIONAL * Math.exp(1.5 * random.normal())) / price;
  return { symbol, price: rounded(price), volume: volume.toFixed(6), tradedAt: time };
}

/** Five digits or two decimals, whichever is finer, as exchanges quote: 65012.37, 0.15043. */
function rounded(price: number): string {
  const digits = Math.max(2, 4 - Math.floor(Math.log10(price)));
  return price.toFixed(Math.min(18, digits));
}
