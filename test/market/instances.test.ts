import { expect } from "chai";
import { Redis } from "ioredis";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { get, post } from "../support/http.ts";
import { type Instance, startHere, startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { candlesOf, metric, type Point, readCandles } from "./support.ts";

interface MarketAnswer {
  price: number;
  as_of: string;
  source: string;
  stale: boolean;
}

describe("the market on several instances", () => {
  let redis: TestRedis;
  let environment: Record<string, string>;
  const apps: App[] = [];
  const instances: Instance[] = [];

  beforeEach(async function () {
    redis = await startRedis(this);
    environment = { DATABASE_URL: await newDatabase(), REDIS_URL: redis.url };
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop();
    for (const instance of instances.splice(0)) await instance.kill();
    await redis?.stop();
  });

  async function start(): Promise<App> {
    const app = await startHere(environment);
    apps.push(app);
    await isUp(app);
    return app;
  }
  const isUp = (app: App) =>
    eventually(async () => !(await get<{ degraded: boolean }>(`${app.url}/readyz`)).body.degraded);
  const postPoint = async (app: App, symbol: string, { time, price, volume }: Point) => {
    const timestamp = new Date(time).toISOString();
    return await post(`${app.url}/api/market/prices`, { prices: [{ symbol, price, volume, timestamp }] });
  };
  const market = async (url: string, symbol: string) =>
    (await get<MarketAnswer>(`${url}/api/market?symbol=${symbol}`)).body;
  const hasCandles = (app: App, symbol: string, points: Point[]) => {
    const expected = JSON.stringify(candlesOf(points, "1m"));
    return eventually(async () => JSON.stringify(await readCandles(app, symbol, "1m")) === expected);
  };
  /** Ticks twenty seconds apart; those of one minute lie on either side of a minute's middle. */
  const points = (count: number, begin = Date.now() - count * 20_000): Point[] => {
    return Array.from({ length: count }, (_, index) => ({
      time: begin + index * 20_000,
      price: String(100 + ((index * 37) % 11)),
      volume: `0.${index + 1}`,
    }));
  };

  it("has the same candles everywhere when the prices of a symbol come in on two of them", async () => {
    const [first, second] = [await start(), await start()];
    const all = points(30);
    for (const [index, point] of all.entries()) {
      const { body } = await postPoint(index % 2 === 0 ? first : second, "BTC", point);
      expect(body.accepted).to.equal(1);
    }
    await hasCandles(first, "BTC", all);
    await hasCandles(second, "BTC", all);
    expect((await market(second.url, "BTC")).as_of).to.equal(new Date(all.at(-1)?.time ?? 0).toISOString());
  });

  it("knows the last day again after all of them were stopped", async () => {
    const all = points(200);
    const first = await start();
    for (const point of all) await postPoint(first, "ETH", point);
    await first.stop();
    apps.pop();
    const second = await start();
    expect(await readCandles(second, "ETH", "1m")).to.deep.equal(candlesOf(all, "1m"));
    expect(await readCandles(second, "ETH", "1h")).to.deep.equal(candlesOf(all, "1h"));
    expect((await market(second.url, "ETH")).price).to.equal(Number(all.at(-1)?.price));
  });

  it("writes to Redis once a second and not for each tick, under keys that expire", async () => {
    const first = await start();
    const client = new Redis(redis.url);
    const calls = async () => {
      const statistics = await client.info("commandstats");
      return Number(/cmdstat_hset:calls=(\d+)/.exec(statistics)?.[1] ?? 0);
    };
    try {
      const before = await calls();
      const begin = Date.now();
      let posted = 0;
      while (Date.now() - begin < 2_000) {
        posted++;
        await postPoint(first, "SOL", { time: Date.now(), price: "150", volume: "1" });
      }
      const [keys, seconds] = [await client.keys("tp:market:*"), (Date.now() - begin) / 1000];
      expect(posted).to.be.greaterThan(20);
      // A hash of quotes and at most two of minutes.
      expect((await calls()) - before).to.be.at.most(Math.ceil(seconds + 1) * 3);
      expect(keys.length).to.be.within(2, 3);
      for (const key of keys) expect(await client.ttl(key), key).to.be.within(1, 26 * 3600);
    } finally {
      client.disconnect();
    }
  });

  it("goes on in memory while Redis is dead, and fills it again when it comes back empty", async () => {
    const first = await start();
    const second = await start();
    // Ten minutes on either side of a full hour, which comes while Redis is dead: it keeps each hour by itself.
    const hour = Math.floor((Date.now() - 600_000) / 3_600_000) * 3_600_000;
    const all = points(60, hour - 600_000);
    const [before, during, after] = [all.slice(0, 20), all.slice(20, 40), all.slice(40)];
    for (const point of before) await postPoint(first, "BNB", point);
    await hasCandles(second, "BNB", before);
    await redis.kill();
    for (const point of during) expect((await postPoint(first, "BNB", point)).status).to.equal(202);
    expect(await readCandles(first, "BNB", "1m")).to.deep.equal(candlesOf([...before, ...during], "1m"));
    await redis.start();
    await Promise.all([first, second].map(isUp));
    for (const point of after) await postPoint(first, "BNB", point);
    await hasCandles(second, "BNB", all);
    const client = new Redis(redis.url);
    const keys = "tp:market:*:minutes:BNB:*";
    const saved = async () => {
      const rows = await Promise.all((await client.keys(keys)).map((key) => client.hlen(key)));
      return rows.reduce((sum, length) => sum + length, 0) === candlesOf(all, "1m").length;
    };
    await eventually(saved);
    client.disconnect();
    // A busy Redis may be later than the start, which does not wait for it.
    await hasCandles(await start(), "BNB", all);
  });

  it("is not misled by what someone else puts on its keys and channels", async () => {
    const first = await start();
    await postPoint(first, "XRP", { time: Date.now(), price: "0.5", volume: "1" });
    const client = new Redis(redis.url);
    const [quotes] = await eventually(async () => {
      const keys = await client.keys("tp:market:*:quotes");
      return keys.length > 0 && keys;
    });
    const prefix = (quotes as string).slice(0, -"quotes".length);
    const hour = Math.floor(Date.now() / 3_600_000);
    const far = Date.now() + 86_400_000;
    await client.hset(quotes as string, {
      BAD: "{",
      WORSE: '1 {"symbol":"WORSE","price":"-1"}',
      FAR: `1 ${JSON.stringify({ symbol: "FAR", price: "1", volume: null, time: far, tradedAt: far, source: "api" })}`,
    });
    await client.hset(`${prefix}minutes:XRP:${hour}`, {
      a: "null",
      b: '1 ["XRP",1]',
      c: `1 ${JSON.stringify(["XRP", far - (far % 60_000), "x", 1, far, far, "1", "1", "1", "1", "1"])}`,
    });
    client.disconnect();
    const second = await start();
    expect((await market(second.url, "XRP")).price).to.equal(0.5);
    expect(await readCandles(second, "XRP", "1m")).to.have.length(1);
    for (const symbol of ["BAD", "WORSE", "FAR"]) {
      expect((await get(`${second.url}/api/market?symbol=${symbol}`)).status, symbol).to.equal(404);
    }
  });

  it("hands the feed on when its holder freezes or is killed, and the price does not jump", async () => {
    const simulated = { ...environment, PRICE_FEED: "simulated", SYMBOLS: "BTC,ETH" };
    const pair = await Promise.all([startInstance(simulated), startInstance(simulated)]);
    instances.push(...pair);
    const isHolder = async ({ url }: Instance) => (await metric(url, "market_feed_holder")) === 1;
    const ticks = ({ url }: Instance) => metric(url, "market_ticks_total");
    const isFirst = await eventually(async () => {
      const held = await Promise.all(pair.map(isHolder));
      expect(held).to.not.deep.equal([true, true]);
      return held.includes(true) && held;
    });
    const [holder, other] = isFirst[0] ? pair : [pair[1], pair[0]];
    const before = await eventually(async () => {
      const seen = await market(other.url, "BTC");
      return seen.price !== undefined && seen;
    });
    expect(await ticks(other)).to.equal(0);

    holder.process.kill("SIGSTOP");
    await eventually(() => isHolder(other));
    holder.process.kill("SIGCONT");
    await eventually(async () => !(await isHolder(holder)));
    const taken = await ticks(holder);
    const takenThere = await ticks(other);
    await eventually(async () => (await ticks(other)) > takenThere + 10);
    expect(await ticks(holder)).to.equal(taken);

    await other.kill();
    await eventually(async () => (await ticks(holder)) > taken);
    const after = await market(holder.url, "BTC");
    expect(after).to.include({ source: "simulated", stale: false });
    expect(after.price / before.price).to.be.within(0.98, 1.02);
    expect(after.as_of).to.not.equal(before.as_of);
    const leases = await query<{ name: string }>(
      environment.DATABASE_URL as string,
      "SELECT name FROM leases",
    );
    expect(leases).to.deep.equal([{ name: "price-feed" }]);
  });

  it("hands the feed over at once at a planned stop", async () => {
    environment.PRICE_FEED = "simulated";
    const first = await start();
    await eventually(async () => (await metric(first.url, "market_feed_holder")) === 1);
    const second = await start();
    expect(await metric(second.url, "market_feed_holder")).to.equal(0);
    await eventually(async () => (await market(second.url, "BTC")).price !== undefined);
    expect(await metric(second.url, "market_ticks_total")).to.equal(0);
    await first.stop();
    apps.splice(apps.indexOf(first), 1);
    await eventually(async () => (await metric(second.url, "market_ticks_total")) > 0);
  });
});
