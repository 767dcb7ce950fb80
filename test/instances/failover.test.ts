import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newCluster, type OwnCluster } from "../support/own-cluster.ts";
import { query } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";
import { faults, type Subscriber, subscribeTo } from "../support/subscriber.ts";

const LOST = 30;

interface Row {
  model: string;
  trades: number;
  realized_pnl: number;
}

describe("a failover to a replica that lacks the last commits", () => {
  let primary: OwnCluster;
  let replica: OwnCluster;
  let apps: App[] = [];
  let subscribers: Subscriber[] = [];
  let epochBefore: string;
  let head: number;

  before(async () => {
    primary = await newCluster();
    await primary.start();
    // Without Redis: nothing but the database tells one instance what happened on the other.
    apps = [await start(), await start()];
    await write(10);
    for (const app of apps) await app.stop();
    await primary.stop();
    replica = await primary.copy();

    await primary.start();
    apps = [await start(), await start()];
    subscribers = apps.map(({ url }) => subscribeTo(url, ["trades"], { since: 0 }));
    await write(LOST);
    head = 10 + LOST;
    await Promise.all(subscribers.map((subscriber) => subscriber.reached(head)));
    await Promise.all(apps.map((app) => board(app)));
    epochBefore = (await tape(0)).epoch;
    await primary.kill();
    // More than were lost, and elsewhere first: the head is past the old one before anybody here can look at it.
    await replica.start(await freePort());
    await replica.promote();
    const elsewhere = await startHere({ DATABASE_URL: replica.url });
    for (let at = 0; at < 2 * LOST; at++)
      await post(`${elsewhere.url}/api/trades`, aTrade({ model: "bot 1" }));
    await elsewhere.stop();
    await replica.stop();
    await replica.start();
  });
  after(async () => {
    for (const subscriber of subscribers) subscriber.close();
    await Promise.all(apps.map((app) => app.stop()));
    await replica?.remove();
    await primary?.remove();
  });

  const start = () => startHere({ DATABASE_URL: primary.url });
  const tape = async (at: number) =>
    (await get<{ head: number; epoch: string }>(`${apps[at]?.url}/api/tape?limit=1`)).body;
  const board = async (app: App) =>
    (await get<{ leaderboard: Row[]; as_of_seq: number }>(`${app.url}/api/leaderboard`)).body;

  /** Like a careful bot, each again until it is acknowledged. */
  async function write(count: number): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, (_, at) =>
        eventually(
          async () =>
            (await post(`${apps[0]?.url}/api/trades`, aTrade({ model: `bot ${at % 3}` }))).status === 201,
        ),
      ),
    );
  }

  it("resets every subscriber, who then gets each trade of the new tape once", async () => {
    await Promise.all(subscribers.map((subscriber) => eventually(async () => subscriber.resets.length > 0)));
    const { epoch } = await tape(0);
    expect(epoch).not.to.equal(epochBefore);
    for (const subscriber of subscribers) {
      expect(subscriber.resets.at(-1)).to.include({ reason: "epoch", epoch });
    }
    await write(5);
    const now = (await tape(0)).head;
    expect(now).to.equal(10 + 2 * LOST + 5);
    for (const subscriber of subscribers) {
      await subscriber.reached(now);
      const from = subscriber.resets.at(-1)?.head ?? 0;
      const after = subscriber.records.slice(-(now - from));
      expect(faults(after, from, now)).to.deep.equal([]);
    }
  });

  it("shows the scores of what is there, on every instance", async () => {
    const counts = await query<{ model: string; trades: number }>(
      primary.url,
      "SELECT model, count(*)::int AS trades FROM trades GROUP BY model ORDER BY model",
    );
    for (const app of apps) {
      const { leaderboard, as_of_seq } = await board(app);
      expect(as_of_seq).to.equal((await tape(0)).head);
      const shown = leaderboard.map(({ model, trades }) => ({ model, trades }));
      expect(shown.sort((a, b) => a.model.localeCompare(b.model))).to.deep.equal(counts);
    }
  });
});
