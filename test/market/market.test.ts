import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { candlesOf, metric, type Point, readCandles } from "./support.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe("the market", () => {
  let app: App;
  let api: string;

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    api = `${app.url}/api`;
  });
  after(() => app.stop());

  const postPrices = async (...prices: Record<string, unknown>[]) =>
    await post<{ success: boolean; accepted: number }>(`${api}/market/prices`, { prices });
  const postPoints = async (symbol: string, points: Point[]) => {
    const prices = points.map(({ time, price, volume }) => ({
      symbol,
      price,
      volume,
      timestamp: new Date(time).toISOString(),
    }));
    expect((await postPrices(...prices)).body.accepted).to.equal(points.length);
  };
  const market = async (symbol: string, more = "") =>
    (await get(`${api}/market?symbol=${encodeURIComponent(symbol)}${more}`)).body;

  it("answers with the newest price, the last 24 hours and how old it all is", async () => {
    const now = Date.now();
    await postPoints("BTC", [
      { time: now - 30 * HOUR_MS, price: "10", volume: "1000" },
      { time: now - DAY_MS - 1.5 * HOUR_MS, price: "60000", volume: "7" },
      { time: now - 20 * HOUR_MS, price: "58000", volume: "0.25" },
      { time: now - 10 * HOUR_MS, price: "66000", volume: "0.5" },
      { time: now - HOUR_MS, price: "63000.123456789012345678", volume: "0.000000000000000001" },
    ]);
    const answer = await market("btc", "&decimals=string");
    expect(answer).to.have.all.keys(
      "symbol price change_24h volume_24h high_24h low_24h source as_of age_ms stale coin history timestamp".split(
        " ",
      ),
    );
    expect(answer).to.deep.include({
      symbol: "BTC",
      price: "63000.123456789012345678",
      // The price of 24 hours before this one is the 60000.
      change_24h: "5.000206",
      volume_24h: "0.750000000000000001",
      high_24h: "66000",
      low_24h: "58000",
      source: "api",
      as_of: new Date(now - HOUR_MS).toISOString(),
      stale: true,
      coin: { id: "bitcoin", name: "Bitcoin", color: "#f7931a" },
    });
    expect(answer.age_ms).to.be.within(HOUR_MS, HOUR_MS + 600_000);
    expect(answer.history).to.deep.equal([
      { time: new Date(now - 20 * HOUR_MS).toISOString(), price: "58000" },
      { time: new Date(now - 10 * HOUR_MS).toISOString(), price: "66000" },
      { time: new Date(now - HOUR_MS).toISOString(), price: "63000.123456789012345678" },
    ]);
    await postPrices({ symbol: "BTC", price: 63_001 });
    expect(await market("BTC")).to.include({ price: 63_001, stale: false });
  });

  it("lists all symbols, each once, with the same figures", async () => {
    await postPrices({ symbol: "A/B-C.d_1", price: 1 }, { symbol: "ETH", price: "3000.5", volume: 2 });
    const { status, body } = await get<{ markets: { symbol: string }[]; count: number }>(`${api}/markets`);
    expect(status).to.equal(200);
    expect(body.count).to.equal(body.markets.length);
    const eth = body.markets.filter(({ symbol }) => symbol === "ETH");
    const { history: _, timestamp: __, age_ms: ___, ...single } = await market("ETH");
    expect(eth).to.have.length(1);
    expect(eth[0]).to.deep.include(single);
    expect(await market("A/B-C.D_1")).to.deep.include({ price: 1, symbol: "A/B-C.D_1" });
  });

  it("makes the same 1m, 5m and 1h candles as are computed from the ticks, exactly", async () => {
    const start = Date.now() - 4 * HOUR_MS;
    const points: Point[] = Array.from({ length: 900 }, (_, index) => ({
      time: start + index * 14_983 + ((index * 7919) % 4001),
      price: `${100 + ((index * 104_729) % 997) / 8}`,
      volume: `0.${"0".repeat(index % 17)}${1 + (index % 9)}`,
    }));
    await postPoints("SOL", points);
    for (const interval of ["1m", "5m", "1h"] as const) {
      expect(await readCandles(app, "SOL", interval), interval).to.deep.equal(candlesOf(points, interval));
    }
    const newest = await readCandles(app, "SOL", "5m", 3);
    expect(newest).to.deep.equal(candlesOf(points, "5m").slice(-3));
  });

  it("gives candles as numbers where strings are not asked for, and says how old they are", async () => {
    await postPrices({ symbol: "NUM", price: "1.5", volume: 3 });
    const { body } = await get<{ candles: unknown[] }>(`${api}/market/candles?symbol=num&interval=1m`);
    expect(body).to.include({ symbol: "NUM", interval: "1m", stale: false });
    expect(body).to.include.keys("as_of", "age_ms");
    expect(body.candles[0]).to.deep.include({ open: 1.5, high: 1.5, low: 1.5, close: 1.5, volume: 3 });
  });

  it("takes any move that is posted, but neither older prices nor ones from the future", async () => {
    const now = Date.now();
    await postPrices({ symbol: "MOVE", price: 100, timestamp: new Date(now - 1000).toISOString() });
    const { status, body } = await postPrices(
      { symbol: "MOVE", price: 1, timestamp: new Date(now - 2000).toISOString() },
      { symbol: "MOVE", price: 2, timestamp: new Date(now + HOUR_MS).toISOString() },
      { symbol: "MOVE", price: 900, timestamp: new Date(now - 500).toISOString() },
    );
    expect([status, body]).to.deep.equal([202, { success: true, accepted: 1 }]);
    expect(await market("MOVE")).to.include({ price: 900, low_24h: 100 });
    expect(await metric(app.url, "market_dropped_late_total")).to.be.at.least(1);
    expect(await metric(app.url, "market_dropped_future_total")).to.be.at.least(1);
  });

  it("keeps a day and an hour of minutes", async () => {
    const now = Date.now();
    const points = Array.from({ length: 1700 }, (_, index) => ({
      time: now - (1699 - index) * 60_000,
      price: String(index + 1),
      volume: "1",
    }));
    await postPoints("KEEP", points.slice(0, 1000));
    await postPoints("KEEP", points.slice(1000));
    const candles = await readCandles(app, "KEEP", "1m");
    expect(candles).to.deep.equal(candlesOf(points, "1m").slice(-1500));
  });

  it("takes no more than a thousand symbols", async () => {
    const batch = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ symbol: `${name}${index}`, price: 1 }));
    const own = await startHere({ DATABASE_URL: await newDatabase() });
    try {
      const send = async (prices: unknown[]) =>
        (await post<{ accepted: number }>(`${own.url}/api/market/prices`, { prices })).body.accepted;
      expect(await send(batch("MANY", 600))).to.equal(600);
      expect(await send(batch("MORE", 600))).to.equal(400);
      expect(await send(batch("MANY", 600))).to.equal(600);
      expect(await metric(own.url, "market_dropped_too_many_symbols_total")).to.equal(200);
    } finally {
      await own.stop();
    }
  });

  const bad: [string, string, number][] = [
    ["an unknown symbol", "market?symbol=NOBODY", 404],
    ["no symbol", "market", 400],
    ["a symbol that is none", "market?symbol=a%20b", 400],
    ["an unknown parameter", "market?symbol=BTC&x=1", 400],
    ["an unknown parameter of the list", "markets?symbol=BTC", 400],
    ["candles of an unknown symbol", "market/candles?symbol=NOBODY&interval=1m", 404],
    ["an unknown interval", "market/candles?symbol=BTC&interval=2m", 400],
    ["no interval", "market/candles?symbol=BTC", 400],
    ["an interval named like a part of every object", "market/candles?symbol=BTC&interval=constructor", 400],
    ["a limit of nothing", "market/candles?symbol=BTC&interval=1m&limit=0", 400],
    ["a limit that is too high", "market/candles?symbol=BTC&interval=1m&limit=1501", 400],
    ["a limit that is no number", "market/candles?symbol=BTC&interval=1m&limit=1e2", 400],
  ];
  for (const [name, path, expected] of bad) {
    it(`refuses ${name}`, async () => {
      const { status, body } = await get(`${api}/${path}`);
      expect([status, body.success]).to.deep.equal([expected, false]);
    });
  }

  const unsound: [string, unknown][] = [
    ["1e309 as text", "1e309"],
    ["NaN as text", "NaN"],
    ["zero", 0],
    ["a negative number", -5],
    ["nothing", null],
    ["21 digits", "123456789012345678901"],
  ];
  for (const [name, price] of unsound) {
    it(`refuses a posted price of ${name}, and all that came with it`, async () => {
      const { status, body } = await postPrices({ symbol: "FINE", price: 1 }, { symbol: "BTC", price });
      expect(status).to.equal(400);
      expect(JSON.stringify(body)).to.include("prices.1.price");
      expect((await get(`${api}/market?symbol=FINE`)).status).to.equal(404);
    });
  }
  it("refuses the number 1e309, which JSON reads as infinite", async () => {
    const { status } = await post(`${api}/market/prices`, '{"prices":[{"symbol":"BTC","price":1e309}]}');
    expect(status).to.equal(400);
  });

  it("has every simulated price there when it has started, and lets them move", async () => {
    const own = await startHere({
      DATABASE_URL: await newDatabase(),
      PRICE_FEED: "simulated",
      SYMBOLS: "btc,eth,my/coin",
    });
    try {
      const prices = async () =>
        (
          await get<{ markets: { symbol: string; price: number; source: string; stale: boolean }[] }>(
            `${own.url}/api/markets`,
          )
        ).body.markets;
      const first = await eventually(async () => {
        const found = await prices();
        return found.length > 0 && found;
      });
      expect(first.map(({ symbol }) => symbol).sort()).to.deep.equal(["BTC", "ETH", "MY/COIN"]);
      expect(first.every(({ source, stale }) => source === "simulated" && !stale)).to.equal(true);
      expect(first.find(({ symbol }) => symbol === "BTC")?.price).to.be.within(50_000, 80_000);
      await eventually(async () =>
        (await prices()).every(({ price }, index) => price !== first[index]?.price),
      );
      expect(await metric(own.url, "market_feed_holder")).to.equal(1);
      expect(await metric(own.url, "market_dropped_absurd_total")).to.equal(0);
    } finally {
      await own.stop();
    }
  });
});
