import { createAdapter } from "@socket.io/redis-adapter";
import { expect } from "chai";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import type { App } from "../../src/app.ts";
import { encodeBatch } from "../../src/stream/announcements.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { faults, type Subscriber, subscribeTo } from "../support/subscriber.ts";

interface Message {
  channel: string;
  message: Buffer;
}

describe("whoever can publish to Redis", () => {
  let redis: TestRedis;
  let apps: [App, App];
  let forger: Redis;
  let listener: Redis;
  const overheard: Message[] = [];
  const subscribers: Subscriber[] = [];

  before(async function () {
    redis = await startRedis(this);
    const environment = { DATABASE_URL: await newDatabase(), REDIS_URL: redis.url, PRICE_FEED: "none" };
    apps = [await startHere(environment), await startHere(environment)];
    for (const app of apps) {
      await eventually(async () => !(await get<{ degraded: boolean }>(`${app.url}/readyz`)).body.degraded);
    }
    listener = new Redis(redis.url);
    forger = listener.duplicate();
    listener.on("pmessageBuffer", (_pattern, channel, message) =>
      overheard.push({ channel: String(channel), message }),
    );
    await listener.psubscribe("tp:*");
    for (const app of apps) subscribers.push(subscribeTo(app.url, ["trades"], { since: 0 }));
  });
  after(async () => {
    await listener?.quit();
    await forger?.quit();
    for (const subscriber of subscribers) subscriber.close();
    for (const app of apps ?? []) await app.stop();
    await redis?.stop();
  });

  const trade = async (pnl: number) => {
    const { body } = await post<{ trade: { seq: number } }>(
      `${apps[0].url}/api/trades`,
      aTrade({ model: "honest", pnl }),
    );
    return body.trade.seq;
  };
  const refused = async (app: App) =>
    Number(/messages_refused_total (\d+)/.exec(await (await fetch(`${app.url}/metrics`)).text())?.[1]);
  /** All spectators have what was committed and nothing else, and so does every board. */
  async function allIsTrue(head: number): Promise<void> {
    for (const subscriber of subscribers) {
      await subscriber.reached(head);
      expect(faults(subscriber.records, 0, head)).to.deep.equal([]);
      expect(subscriber.records.every(({ model }) => model === "honest")).to.equal(true);
    }
    for (const app of apps) {
      const { body } = await get<{ leaderboard: { model: string; trades: number }[] }>(
        `${app.url}/api/leaderboard`,
      );
      expect(body.leaderboard.map(({ model, trades }) => [model, trades])).to.deep.equal([["honest", head]]);
    }
  }
  const requests = () =>
    [...new Set(overheard.map(({ channel }) => channel))].filter((channel) => channel.includes("request"));

  it("cannot put a batch in the place of the real one", async () => {
    const seq = await trade(1);
    await eventually(async () => overheard.some(({ message }) => message.includes("honest")));
    const { epoch } = (await get<{ epoch: string }>(`${apps[0].url}/api/tape`)).body;
    const entry = { kind: "trade", at: new Date().toISOString(), model: "forged", symbol: "BTC" } as const;
    const batch = encodeBatch([{ ...entry, seq: seq + 1, body: '{"id":"forged","model":"forged"}' }], epoch);
    const emit = JSON.stringify({ uid: "forger", type: 6, data: ["tape", batch] });
    const [real] = overheard.filter(({ message }) => message.includes("honest"));
    const sealed = real?.message ?? Buffer.alloc(0);
    const changed = Buffer.from(sealed);
    changed.write("forged", changed.indexOf("honest"));
    const before = await Promise.all(apps.map(refused));
    for (const channel of requests()) {
      for (const message of [emit, Buffer.concat([sealed.subarray(0, 16), Buffer.from(emit)]), changed]) {
        expect(await forger.publish(channel, message)).to.be.greaterThan(0);
      }
    }
    await eventually(async () => {
      const now = await Promise.all(apps.map(refused));
      return now.every((count, index) => count >= (before[index] ?? 0) + 3);
    });
    await allIsTrue(await trade(2));
  });

  it("cannot send anything to anyone, nor put anyone out", async () => {
    let heard = 0;
    for (const subscriber of subscribers) subscriber.socket.on("trades", () => heard++);
    // A server of its own, on the same Redis and under the same name.
    const [key = ""] = requests().map((channel) => channel.split("-request")[0] as string);
    const rogue = new Server();
    const ears = forger.duplicate();
    rogue.adapter(createAdapter(forger, ears, { key }));
    const before = await Promise.all(apps.map(refused));
    rogue.emit("trades", [{ seq: 999, model: "forged" }]);
    rogue.socketsLeave("trades");
    rogue.socketsJoin("elsewhere");
    rogue.disconnectSockets(true);
    rogue.serverSideEmit("prices", "{}");
    await eventually(async () => {
      const now = await Promise.all(apps.map(refused));
      return now.every((count, index) => count >= (before[index] ?? 0) + 5);
    });
    await ears.quit();
    const head = await trade(3);
    await allIsTrue(head);
    expect(subscribers.map(({ socket }) => socket.connected)).to.deep.equal([true, true]);
    expect(heard).to.be.at.most(2);
  });

  it("gains nothing by sending what it overheard again, in any order or on another channel", async () => {
    const head = await trade(4);
    await allIsTrue(head);
    const channels = [...new Set(overheard.map(({ channel }) => channel))];
    for (const { message } of [...overheard].reverse()) {
      for (const channel of channels) await forger.publish(channel, message);
    }
    await allIsTrue(await trade(5));
  });
});
