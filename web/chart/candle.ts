/** How long a candle can be, ms. */
export const INTERVAL_MS = { "1m": 60_000, "5m": 300_000, "1h": 3_600_000 } as const;
export type Interval = keyof typeof INTERVAL_MS;
export const INTERVALS = Object.keys(INTERVAL_MS) as Interval[];

export const INTERVAL_CHOICES = INTERVALS.map((value) => ({ value, text: value }));

export interface Candle {
  /** When it begins, Unix milliseconds. */
  t: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Units traded. */
  volume: number;
}

/** Something that a model did, to be shown at the candle of its time. */
export interface Marker {
  /** Unix milliseconds. */
  t: number;
  kind: "buy" | "sell" | "close";
  text: string;
}

/** When the candle begins that holds this time, Unix milliseconds. */
export function candleStart(t: number, interval: Interval): number {
  return Math.floor(t / INTERVAL_MS[interval]) * INTERVAL_MS[interval];
}

/**
 * The candles with a price of after their end put in: it moves the last one, or begins the next. Prices of the past
 * change nothing; the service has had them before it sent the candles.
 */
export function withPrice(
  candles: readonly Candle[],
  interval: Interval,
  price: number,
  t: number,
): readonly Candle[] {
  const last = candles.at(-1);
  const start = candleStart(t, interval);
  if (last === undefined || start < last.t) return candles;
  if (start > last.t) {
    return [...candles, { t: start, open: price, high: price, low: price, close: price, volume: 0 }];
  }
  if (price === last.close) return candles;
  const moved = {
    ...last,
    close: price,
    high: Math.max(last.high, price),
    low: Math.min(last.low, price),
  };
  return [...candles.slice(0, -1), moved];
}
