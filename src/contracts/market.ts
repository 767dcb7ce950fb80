import { moment, symbolName } from "./common.ts";
import { nonNegativeDecimal, positiveDecimal } from "./decimal.ts";
import { z } from "./zod.ts";

export const postedPrices = z
  .strictObject({
    prices: z
      .array(
        z.strictObject({
          symbol: symbolName,
          price: positiveDecimal,
          volume: nonNegativeDecimal.optional(),
          timestamp: moment.optional(),
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

export const acceptedPrices = z
  .object({ success: z.literal(true), accepted: z.int() })
  .openapi("AcceptedPrices");
