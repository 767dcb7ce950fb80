import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { aTrade, get, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { freePort, startRedis, type TestRedis } from "../support/redis.ts";
import { faults, type Subscriber, subscribeTo } from "../support/subscriber.ts";

const WRITERS = 6;
const SUBSCRIBERS_EACH = 3;

describe("two instances while Redis and instances are killed", () => {
  let redis: TestRedis;
  let databaseUrl: string;
  let ports: number[];
  const instances: Instance[] = [];
  const subscribers: Subscriber[] = [];

  before(async function () {
    redis = await startRedis(this);
    databaseUrl = await newDatabase();
    ports = [await freePort(), await freePort()];
    for (const index of [0, 1]) instances[index] = await start(index);
  });

  after(async () => {
    for (const subscriber of subscribers) subscriber.close();
    for (const instance of instances) await instance.kill();
    await redis?.stop();
  });

  const start = (index: number) =>
    startInstance({ DATABASE_URL: databaseUrl, REDIS_URL: redis.url, PORT: String(ports[index]) });
  const urlOf = (index: number) => `http://127.0.0.1:${ports[index % 2]}`;

  it("loses and doubles no acknowledged trade, and every subscriber holds every record once, in order", async () => {
    for (let index = 0; index < 2 * SUBSCRIBERS_EACH; index++) {
      const transports: ("websocket" | "polling")[] = index % 3 === 2 ? ["polling"] : ["websocket"];
      subscribers.push(subscribeTo(urlOf(index), ["trades", "trades/symbol/BTC"], { since: 0, transports }));
    }
    const acknowledged = new Set<string>();
    let writing = true;
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      writeOn(writer, acknowledged, () => writing),
    );

    await sleep(1500);
    await redis.kill();
    await sleep(1500);
    await redis.start();
    await sleep(1000);
    redis.freeze();
    await sleep(1500);
    redis.thaw();
    for (const index of [0, 1]) {
      await (instances[index] as Instance).kill();
      await sleep(500);
      instances[index] = await start(index);
      await sleep(1000);
    }
    writing = false;
    await Promise.all(writers);

    const { head } = (await get<{ head: number }>(`${urlOf(0)}/api/tape?since=0&limit=1`)).body;
    expect(acknowledged.size).to.be.greaterThan(100);
    await Promise.all(subscribers.map((subscriber) => subscriber.reached(head)));
    for (const subscriber of subscribers) expect(faults(subscriber.records, 0, head)).to.deep.equal([]);

    const rows = await query<{ id: string }>(databaseUrl, "SELECT id FROM trades");
    const stored = new Set(rows.map((row) => row.id));
    expect([...acknowledged].filter((id) => !stored.has(id))).to.deep.equal([]);
    expect(rows.length).to.equal(head);
  });

  /** Writes trades with ids of its own and, like a careful bot, sends each again until it is acknowledged. */
  async function writeOn(writer: number, acknowledged: Set<string>, goOn: () => boolean): Promise<void> {
    for (let count = 0; goOn(); count++) {
      const id = `${writer}-${count}-${randomUUID()}`;
      const trade = aTrade({ id, model: `bot ${writer}`, symbol: count % 2 === 0 ? "BTC" : "ETH" });
      for (let attempt = 0; ; attempt++) {
        const status = await post(`${urlOf(writer + attempt)}/api/trades`, trade).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 201 || status === 200) {
          acknowledged.add(id);
          break;
        }
        if (status !== 0 && status !== 503) throw new Error(`A write was answered ${status}.`);
        await sleep(20);
      }
      await sleep(5);
    }
  }
});
