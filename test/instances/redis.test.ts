import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Redis } from "ioredis";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { faults, type StreamRecord, type Subscriber, subscribeTo } from "../support/subscriber.ts";

interface Page {
  trades: StreamRecord[];
  count: number;
}

describe("two instances with Redis", () => {
  let redis: TestRedis;
  let first: App;
  let second: App;
  const open: Subscriber[] = [];

  before(async function () {
    redis = await startRedis(this);
    const environment = { DATABASE_URL: await newDatabase(), REDIS_URL: redis.url };
    first = await startHere(environment);
    second = await startHere(environment);
    await Promise.all([first, second].map(isUp));
  });
  afterEach(() => {
    for (const subscriber of open.splice(0)) subscriber.close();
  });
  after(async () => {
    await first?.stop();
    await second?.stop();
    await redis?.stop();
  });

  const isUp = (app: App) =>
    eventually(async () => !(await get<{ degraded: boolean }>(`${app.url}/readyz`)).body.degraded);
  const newest = async (app: App, query = "limit=5") =>
    (await get<Page>(`${app.url}/api/trades?${query}`)).body.trades;
  const headOf = async () => (await get<{ head: number }>(`${first.url}/api/tape?limit=1`)).body.head;
  const listen = (app: App, since: number) => {
    const subscriber = subscribeTo(app.url, ["trades"], { since });
    open.push(subscriber);
    return subscriber;
  };

  it("never serves a cached answer that is older than an acknowledged write, on either instance", async () => {
    for (let count = 0; count < 60; count++) {
      const [writer, reader] = count % 2 === 0 ? [first, second] : [second, first];
      const { body } = await post<{ trade: StreamRecord }>(`${writer.url}/api/trades`, aTrade());
      const pages = await Promise.all([
        newest(reader),
        newest(writer),
        newest(reader, "model=gpt-5&limit=5"),
      ]);
      for (const page of pages) expect(page[0]?.id).to.equal(body.trade.id);
    }
  });

  it("keeps answers in Redis under the version of their subject", async () => {
    const client = new Redis(redis.url);
    await newest(first);
    const keys = await eventually(async () => {
      const found = await client.keys("tp:answer:*:trades:*");
      return found.length > 0 && found;
    });
    expect(await client.ttl(keys[0] as string)).to.be.within(1, 90);
    client.disconnect();
  });

  it("keeps prices in Redis, shows them on both, and knows them after a restart", async () => {
    await post(`${first.url}/api/market/prices`, { prices: [{ symbol: "BTC", price: "64999.5" }] });
    await post(`${second.url}/api/portfolio`, {
      model: "holder",
      balance: 0,
      positions: [{ symbol: "BTC", qty: 1, avg_price: 60_000 }],
    });
    const equity = async (app: App) =>
      (await get<{ equity: number }>(`${app.url}/api/portfolio?model=holder`)).body.equity === 4999.5;
    await eventually(() => equity(first));
    await eventually(() => equity(second));
  });

  it("delivers while Redis is dead, and answers every request", async () => {
    const start = await headOf();
    const subscriber = listen(second, start);
    await eventually(async () => subscriber.heads.length > 0);
    await redis.kill();
    for (let count = 1; count <= 20; count++) {
      expect((await post(`${first.url}/api/trades`, aTrade())).status).to.equal(201);
      expect((await newest(second))[0]?.seq).to.equal(start + count);
    }
    await subscriber.reached(start + 20);
    expect(faults(subscriber.records, start, start + 20)).to.deep.equal([]);
    const { body } = await get<{ status: string }>(`${first.url}/readyz`);
    expect(body.status).to.equal("degraded");
    await redis.start();
    await Promise.all([first, second].map(isUp));
  });

  it("goes on while Redis is frozen", async () => {
    const start = await headOf();
    const subscriber = listen(second, start);
    await eventually(async () => subscriber.heads.length > 0);
    redis.freeze();
    try {
      for (let count = 1; count <= 5; count++) {
        expect((await post(`${first.url}/api/trades`, aTrade())).status).to.equal(201);
        expect((await newest(second))[0]?.seq).to.equal(start + count);
      }
      await subscriber.reached(start + 5);
      expect(faults(subscriber.records, start, start + 5)).to.deep.equal([]);
    } finally {
      redis.thaw();
    }
    await Promise.all([first, second].map(isUp));
  });

  it("survives garbage on the adapter's channels", async () => {
    const client = new Redis(redis.url);
    const channels = (await client.pubsub("CHANNELS", "tp:*")) as string[];
    const patterns = (await client.call("PUBSUB", "NUMPAT")) as number;
    expect(channels.length).to.be.greaterThan(0);
    expect(patterns).to.be.greaterThan(0);
    const prefix = (channels[0] as string).split("-")[0] as string;
    const garbage = [
      "",
      "{",
      "{}",
      "null",
      '{"type":6}',
      '{"type":6,"uid":"x","data":null}',
      '{"type":5,"opts":1}',
      '{"type":0}',
      '{"type":6,"uid":"x","data":["tape","{}"]}',
      '{"type":6,"uid":"x","data":["prices",{"a":1}]}',
      "\u0000\u0001\u00ff",
      "x".repeat(100_000),
    ];
    for (const message of garbage) {
      for (const channel of [...channels, `${prefix}#/#`, `${prefix}#/#room#`])
        await client.publish(channel, message);
    }
    client.disconnect();
    await sleep(100);
    const start = await headOf();
    const subscriber = listen(second, start);
    await eventually(async () => subscriber.heads.length > 0);
    await post(`${first.url}/api/trades`, aTrade());
    await subscriber.reached(start + 1);
    expect(faults(subscriber.records, start, start + 1)).to.deep.equal([]);
  });
});

describe("an instance that starts while Redis is away", () => {
  it("serves, and uses Redis once it is there", async function () {
    const redis = await startRedis(this);
    await redis.kill();
    const environment = { DATABASE_URL: await newDatabase(), REDIS_URL: redis.url };
    const apps = [await startHere(environment), await startHere(environment)] as const;
    try {
      expect((await post(`${apps[0].url}/api/trades`, aTrade())).status).to.equal(201);
      expect((await get<Page>(`${apps[1].url}/api/trades`)).body.count).to.equal(1);
      await redis.start();
      for (const app of apps) {
        await eventually(async () => !(await get<{ degraded: boolean }>(`${app.url}/readyz`)).body.degraded);
      }
      const subscriber = subscribeTo(apps[1].url, ["trades"], { since: 0 });
      await post(`${apps[0].url}/api/trades`, aTrade());
      await subscriber.reached(2);
      expect(faults(subscriber.records, 0, 2)).to.deep.equal([]);
      subscriber.close();
    } finally {
      await Promise.all(apps.map((app) => app.stop()));
      await redis.stop();
    }
  });
});
