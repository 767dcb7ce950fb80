import { tradeBody } from "./trades.ts";

const BULK = 1000;

/** Writes so many trades (a multiple of 1000) to the product through POST /api/trades/bulk. */
export async function seedTrades(port: number, trades: number): Promise<void> {
  for (let first = 0; first < trades; first += BULK) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/trades/bulk`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ trades: Array.from({ length: BULK }, (_, index) => tradeBody(first + index)) }),
    });
    const text = await answer.text();
    if (answer.status !== 201) throw new Error(`POST /api/trades/bulk answered ${answer.status}: ${text}`);
  }
}
