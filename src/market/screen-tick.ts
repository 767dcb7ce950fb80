import { canonicalDecimal } from "../contracts/decimal.ts";
import { PRICE_STALE_MS } from "../contracts/market.ts";
import { toUnits, type Units } from "../contracts/units.ts";
import { type DropReason, POSTED, REPLAY, type Tick } from "./feeds/feed.ts";
import type { SymbolBook } from "./symbol-book.ts";

/** Clocks of exchanges and posters may be ahead of ours by so much. */
export const FUTURE_MS = 5_000;

/** A tick that may be taken. */
export interface SoundTick {
  price: string;
  units: Units;
  volume: string | null;
}

/**
 * Says whether a tick may be taken, or why not. That it moves by more than half holds only against a feed, whose
 * glitch that is; someone who posts a price means it, and after a minute without a taken tick the move is believed.
 */
export function screenTick(
  tick: Tick,
  source: string,
  book: SymbolBook | undefined,
  now: number,
): SoundTick | DropReason {
  const price = canonicalDecimal(tick.price);
  const volume = tick.volume === null ? null : canonicalDecimal(tick.volume);
  if (price === undefined || volume === undefined || !isTime(tick.tradedAt)) return "malformed";
  if (price === "0" || price.startsWith("-") || volume?.startsWith("-") === true) return "not_positive";
  if (Math.max(tick.tradedAt, tick.asOf ?? 0) > now + FUTURE_MS) return "future";
  const units = toUnits(price);
  const newest = book?.newest;
  if (newest === undefined) return { price, units, volume };
  if (changesClock(tick, source, newest)) return { price, units, volume };
  if (source === POSTED && newest.source === REPLAY) return "replayed";
  if (tick.tradedAt < newest.tradedAt) return "late";
  const last = source === POSTED ? undefined : book?.lastOfFeed;
  if (last !== undefined && tick.tradedAt - last.tradedAt < PRICE_STALE_MS) {
    const before = toUnits(last.price);
    const moved = units > before ? units - before : before - units;
    if (moved * 2n > before) return "absurd";
  }
  return { price, units, volume };
}

/** A replay has a clock of its own: prices of another one cannot stand in one row with its. */
export function changesClock(tick: Tick, source: string, newest: { source: string }): boolean {
  return tick.asOf !== undefined && newest.source !== source;
}

function isTime(time: number): boolean {
  return Number.isSafeInteger(time) && time > 0;
}
