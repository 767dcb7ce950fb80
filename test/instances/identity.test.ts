import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";

const priceAt = async ({ url }: App) =>
  (await get<{ price?: number }>(`${url}/api/market?symbol=BTC`)).body.price;
const postPrice = ({ url }: App, price: number) =>
  post(`${url}/api/market/prices`, { prices: [{ symbol: "BTC", price }] });

describe("playgrounds that share a Redis", () => {
  let redis: TestRedis;
  let databaseUrl: string;
  const apps: App[] = [];

  before(async function () {
    redis = await startRedis(this);
    databaseUrl = await newDatabase();
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop();
  });
  after(() => redis?.stop());

  async function start(url = databaseUrl): Promise<App> {
    const app = await startHere({ DATABASE_URL: url, REDIS_URL: redis.url });
    apps.push(app);
    await eventually(async () => !(await get<{ degraded: boolean }>(`${app.url}/readyz`)).body.degraded);
    return app;
  }

  async function pricesPass(here: App, there: App, from: number): Promise<void> {
    let price = from;
    await eventually(async () => {
      await postPrice(here, ++price);
      return (await priceAt(there)) === price;
    });
  }

  it("goes on hearing itself after a restore and the restart of one of its instances", async () => {
    const [first, second] = [await start(), await start()];
    await pricesPass(first, second, 100);
    await query(databaseUrl, "UPDATE tape_head SET epoch = 'restored'");
    await eventually(async () => {
      const { body } = await get<{ epoch: string }>(`${first.url}/api/tape?limit=1`);
      return body.epoch === "restored";
    });
    await second.stop();
    apps.splice(apps.indexOf(second), 1);
    const again = await start();
    await pricesPass(first, again, 200);
    await pricesPass(again, first, 300);
  });

  it("is not heard by a database that was cloned from its own, nor believed in what is cached", async () => {
    const original = await start();
    await post(`${original.url}/api/trades`, aTrade({ id: "both" }));
    await original.stop();
    apps.splice(0);
    const clone = new URL(databaseUrl);
    clone.pathname = `${clone.pathname}_clone`;
    await query(
      new URL("/postgres", databaseUrl).toString(),
      `CREATE DATABASE ${clone.pathname.slice(1)} TEMPLATE ${new URL(databaseUrl).pathname.slice(1)}`,
    );
    const [here, there, beside] = [await start(), await start(clone.toString()), await start()];

    // The same seq of the same epoch, and each has another trade under it.
    await post(`${here.url}/api/trades`, aTrade({ id: "of-the-original" }));
    await post(`${there.url}/api/trades`, aTrade({ id: "of-the-clone" }));
    const newest = async ({ url }: App) => {
      const { body } = await get<{ trades: { id: string }[] }>(`${url}/api/trades?limit=1`);
      return body.trades[0]?.id;
    };
    for (let count = 0; count < 3; count++) {
      expect(await newest(here)).to.equal("of-the-original");
      expect(await newest(there)).to.equal("of-the-clone");
    }
    await postPrice(there, 7);
    await pricesPass(here, beside, 1000);
    expect(await priceAt(there)).to.equal(7);
  });
});
