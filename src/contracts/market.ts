import { momentOut, pastMoment, queryNumber, symbolName } from "./common.ts";
import { decimalOrNullOut, decimalOut, nonNegativeDecimal, positiveDecimal } from "./decimal.ts";
import { z } from "./zod.ts";

export const postedPrices = z
  .strictObject({
    prices: z
      .array(
        z.strictObject({
          symbol: symbolName,
          price: positiveDecimal,
          volume: nonNegativeDecimal.optional(),
          timestamp: pastMoment.optional(),
        }),
      )
      .min(1, "must hold at least one price")
      .max(1000, "must hold at most 1000 prices"),
  })
  .openapi("PostedPrices");
export type PostedPrices = z.output<typeof postedPrices>;

/** The newest price of a symbol. */
export interface Quote {
  symbol: string;
  /** Quote currency (USD) a unit, canonical decimal. */
  price: string;
  /** Units traded with this tick, canonical decimal; null where the feed does not say. */
  volume: string | null;
  /** Unix milliseconds. */
  time: number;
  source: string;
}

/** A quote as the `prices` event shows it. */
export const priceOut = z
  .object({
    symbol: z.string(),
    price: decimalOut,
    volume: decimalOrNullOut.openapi({ description: "units traded with this tick" }),
    as_of: momentOut,
    source: z.string(),
  })
  .openapi("Price");

/** A price older than this many milliseconds is `stale`. */
export const PRICE_STALE_MS = 60_000;

export const acceptedPrices = z
  .object({ success: z.literal(true), accepted: z.int() })
  .openapi("AcceptedPrices");

/** How long a candle is, in milliseconds. */
export const INTERVAL_MS = { "1m": 60_000, "5m": 300_000, "1h": 3_600_000 } as const;
export type Interval = keyof typeof INTERVAL_MS;
export const MAX_CANDLES = 1500;

export const marketQuery = z.strictObject({ symbol: symbolName });
export const marketsQuery = z.strictObject({});
export const candlesQuery = z.strictObject({
  symbol: symbolName,
  interval: z.enum(["1m", "5m", "1h"]),
  limit: queryNumber(1, MAX_CANDLES, 300),
});

const age = {
  as_of: momentOut.openapi({ description: "when the newest price was of the market" }),
  age_ms: z.int().nonnegative(),
  stale: z.boolean().openapi({ description: `older than ${PRICE_STALE_MS / 1000} s` }),
};
const day = (what: string) => decimalOut.openapi({ description: `${what}, over the 24 h before as_of` });

const marketFields = {
  symbol: z.string(),
  price: decimalOut,
  change_24h: day("change in percent"),
  volume_24h: day("units traded that the feed told of"),
  high_24h: day("highest price"),
  low_24h: day("lowest price"),
  source: z.string().openapi({ description: "the feed, or api for posted prices" }),
  ...age,
  coin: z.object({ id: z.string(), name: z.string(), color: z.string() }),
};

export const marketAnswer = z
  .object({
    ...marketFields,
    history: z
      .array(z.object({ time: momentOut, price: decimalOut }))
      .openapi({ description: "oldest first, at most 288 points of the last 24 h" }),
    timestamp: momentOut,
  })
  .openapi("Market");

export const marketList = z
  .object({ markets: z.array(z.object(marketFields)), count: z.int(), timestamp: momentOut })
  .openapi("Markets");

export const candleList = z
  .object({
    symbol: z.string(),
    interval: z.enum(["1m", "5m", "1h"]),
    candles: z
      .array(
        z.object({
          time: momentOut.openapi({ description: "when the interval begins" }),
          open: decimalOut,
          high: decimalOut,
          low: decimalOut,
          close: decimalOut,
          volume: decimalOut,
        }),
      )
      .openapi({ description: "oldest first; an interval without a price has no candle" }),
    ...age,
    timestamp: momentOut,
  })
  .openapi("Candles");
