import type { Units } from "../contracts/units.ts";

export const MINUTE_MS = 60_000;

/**
 * What one instance has seen of one minute of a symbol. Instances exchange these and not their ticks: the newest state
 * of a part replaces the one before (`count` only grows), and the parts of a minute add up to its candle, in whatever
 * order they arrive and however often.
 */
export interface Part {
  symbol: string;
  /** When the minute begins, Unix milliseconds. */
  minute: number;
  /** Which instance saw it, anew with each start. */
  origin: string;
  /** Ticks in it. */
  count: number;
  /** Unix milliseconds of the first and the last tick. */
  firstAt: number;
  lastAt: number;
  open: Units;
  high: Units;
  low: Units;
  close: Units;
  volume: Units;
}

export interface Candle {
  open: Units;
  high: Units;
  low: Units;
  close: Units;
  volume: Units;
  /** Unix milliseconds of the tick it closed with. */
  lastAt: number;
}

export function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS) * MINUTE_MS;
}

export function startPart(symbol: string, origin: string, time: number, price: Units, volume: Units): Part {
  return {
    symbol,
    minute: minuteOf(time),
    origin,
    count: 1,
    firstAt: time,
    lastAt: time,
    open: price,
    high: price,
    low: price,
    close: price,
    volume,
  };
}

/** Adds a tick that is not older than the part's last one. */
export function addTick(part: Part, time: number, price: Units, volume: Units): void {
  part.count++;
  part.lastAt = time;
  if (price > part.high) part.high = price;
  if (price < part.low) part.low = price;
  part.close = price;
  part.volume += volume;
}

/** The candle that parts, of one minute or of many, make together. @returns undefined where there are none. */
export function candleOf(parts: Iterable<Part>): Candle | undefined {
  let candle: Candle | undefined;
  let first: Part | undefined;
  let last: Part | undefined;
  for (const part of parts) {
    if (candle === undefined || first === undefined || last === undefined) {
      const { open, high, low, close, volume, lastAt } = part;
      candle = { open, high, low, close, volume, lastAt };
      first = part;
      last = part;
      continue;
    }
    if (part.high > candle.high) candle.high = part.high;
    if (part.low < candle.low) candle.low = part.low;
    candle.volume += part.volume;
    // Ticks of one millisecond on two instances have no order: the origin makes it the same one everywhere.
    if (part.firstAt < first.firstAt || (part.firstAt === first.firstAt && part.origin < first.origin)) {
      first = part;
      candle.open = part.open;
    }
    if (part.lastAt > last.lastAt || (part.lastAt === last.lastAt && part.origin > last.origin)) {
      last = part;
      candle.close = part.close;
      candle.lastAt = part.lastAt;
    }
  }
  return candle;
}
