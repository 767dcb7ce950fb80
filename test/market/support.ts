import { Decimal } from "decimal.js";
import type { App } from "../../src/app.ts";
import { get } from "../support/http.ts";

const Exact = Decimal.clone({ precision: 80, toExpNeg: -1e9, toExpPos: 1e9 });
const LENGTH_MS = { "1m": 60_000, "5m": 300_000, "1h": 3_600_000 };

export interface Point {
  /** Unix milliseconds. */
  time: number;
  price: string;
  volume: string;
}

export interface TestCandle {
  time: string;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
}

/** Candles of ticks that are in time order, worked out the plain way. */
export function candlesOf(points: Point[], interval: keyof typeof LENGTH_MS): TestCandle[] {
  const groups = new Map<number, Point[]>();
  for (const point of points) {
    const start = point.time - (point.time % LENGTH_MS[interval]);
    groups.set(start, [...(groups.get(start) ?? []), point]);
  }
  return [...groups].map(([start, group]) => {
    const prices = group.map(({ price }) => new Exact(price));
    return {
      time: new Date(start).toISOString(),
      open: String(prices[0]),
      high: String(Exact.max(...prices)),
      low: String(Exact.min(...prices)),
      close: String(prices.at(-1)),
      volume: String(group.reduce((sum, { volume }) => sum.plus(volume), new Exact(0))),
    };
  });
}

/** A symbol's candles with exact strings; none where it is not known yet. */
export async function readCandles(
  { url }: Pick<App, "url">,
  symbol: string,
  interval: string,
  limit = 1500,
): Promise<TestCandle[]> {
  const query = `symbol=${encodeURIComponent(symbol)}&interval=${interval}&limit=${limit}&decimals=string`;
  const { body } = await get<{ candles?: TestCandle[] }>(`${url}/api/market/candles?${query}`);
  return body.candles ?? [];
}

/** One of the service's gauges. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = new RegExp(`^trading_playground_${name} (\\S+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`there is no metric ${name}`);
  return Number(value);
}
