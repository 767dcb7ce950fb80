import type { Market, Price } from "../client/index.ts";

/**
 * A market with a newer price put in: the 24 h change is taken from the same start (price ÷ (1 + change ÷ 100)), and
 * the price may be a new high or low. For the eye; the service's own figures come again and again.
 */
export function liveMarket(market: Market, quote: Price | undefined): Market {
  if (quote === undefined || Date.parse(quote.as_of) < Date.parse(market.as_of)) return market;
  const { price } = quote;
  const start = market.price / (1 + market.change_24h / 100);
  return {
    ...market,
    price,
    as_of: quote.as_of,
    source: quote.source,
    change_24h: start > 0 ? (price / start - 1) * 100 : market.change_24h,
    high_24h: Math.max(market.high_24h, price),
    low_24h: Math.min(market.low_24h, price),
  };
}
