import type { Quote } from "../contracts/market.ts";
import type { RedisClient } from "../platform/redis/connect.ts";

const KEY = "tp:prices";

/** Keeps the newest prices in a Redis hash, so that an instance that starts knows them at once. */
export async function savePrices(client: RedisClient, epoch: string, quotes: Quote[]): Promise<void> {
  if (client.status !== "ready") return;
  const fields = Object.fromEntries(quotes.map((quote) => [quote.symbol, JSON.stringify(quote)]));
  // Prices are live values: one that cannot be saved is overtaken by the next.
  await client.hset(`${KEY}:${epoch}`, fields).catch(() => {});
}

/** The saved prices as the JSON text of a list; an empty list where Redis has none or is away. */
export async function loadPrices(client: RedisClient, epoch: string): Promise<string> {
  try {
    const saved = await client.hgetall(`${KEY}:${epoch}`);
    return `[${Object.values(saved).join(",")}]`;
  } catch {
    return "[]";
  }
}
