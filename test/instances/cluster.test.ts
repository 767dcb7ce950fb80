import { expect } from "chai";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { type ClusterNode, startCluster, type TestCluster } from "../support/redis-cluster.ts";
import { faults, type Subscriber, subscribeTo } from "../support/subscriber.ts";

interface Page {
  trades: { seq: number }[];
}

/** Whatever anybody who reaches the cluster may publish: no messages, and such as the adapter would act on. */
const GARBAGE = [
  "",
  "{",
  "{}",
  "null",
  "\u0000\u0001\u00ff",
  "x".repeat(100_000),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "x", null].flatMap((type) =>
    [
      undefined,
      null,
      {},
      { opts: 1 },
      { packet: null, opts: { rooms: 1 } },
      { packet: ["tape", "{}"] },
      { packet: ["prices", { a: 1 }] },
      { packet: ["connection", { conn: 1 }] },
      { packet: ["error", "x"] },
      { packet: "tape", requestId: "x" },
      { requestId: "x", opts: { rooms: [], except: [], flags: {} } },
      { packet: { type: 99 }, opts: { rooms: [], except: [], flags: {} } },
    ].map((data) => JSON.stringify({ uid: "x", nsp: "/", type, data })),
  ),
];

describe("two instances on a Redis Cluster", () => {
  let cluster: TestCluster;
  let databaseUrl: string;
  let instances: [Instance, Instance];
  let subscribers: Subscriber[];
  let channel: string;
  let price = 60_000;

  before(async function () {
    cluster = await startCluster(this);
    databaseUrl = await newDatabase();
    instances = [await start(cluster.nodes[0] as ClusterNode), await start(cluster.nodes[4] as ClusterNode)];
    subscribers = instances.map(({ url }) => subscribeTo(url, ["trades"], { since: 0 }));
    channel = await channelOfInstances();
  });
  after(async () => {
    for (const subscriber of subscribers ?? []) subscriber.close();
    for (const instance of instances ?? []) await instance.kill();
    await cluster?.stop();
  });
  afterEach(async () => {
    for (const { process, output } of instances) expect(process.exitCode, output()).to.equal(null);
    await reachedByAll();
  });

  const start = (node: ClusterNode) =>
    startInstance({ DATABASE_URL: databaseUrl, REDIS_URL: node.url, REDIS_CLUSTER: "true" });
  const newestSeq = async ({ url }: Instance) =>
    (await get<{ head: number }>(`${url}/api/tape?limit=1`)).body.head;

  /** Every subscriber has everything that is on the tape, once and in order. */
  async function reachedByAll(): Promise<void> {
    const head = await newestSeq(instances[0]);
    for (const subscriber of subscribers) {
      await subscriber.reached(head);
      expect(faults(subscriber.records, 0, head)).to.deep.equal([]);
    }
  }

  /** The channel by which instances hear each other, as the nodes know it. */
  async function channelOfInstances(): Promise<string> {
    return await eventually(async () => {
      for (const node of cluster.nodes) {
        const channels = (await node.call("PUBSUB", "SHARDCHANNELS")) as string[];
        const found = channels.find((name) => name.endsWith("#/#"));
        if (found !== undefined) return found;
      }
      return undefined;
    });
  }

  /** Trades posted at each are read at once at the other, whatever is cached. */
  async function trade(): Promise<void> {
    for (const [writer, reader] of [instances, [...instances].reverse()] as [Instance, Instance][]) {
      const { status, body } = await post<{ trade: { seq: number } }>(`${writer.url}/api/trades`, aTrade());
      expect(status).to.equal(201);
      for (const { url } of [reader, writer]) {
        const page = await get<Page>(`${url}/api/trades?limit=5`);
        expect(page.body.trades[0]?.seq).to.equal(body.trade.seq);
      }
    }
  }

  /** Prices go from one to the other by Redis alone, so they show that both hear each other. */
  async function pricesPass(): Promise<void> {
    for (const [here, there] of [instances, [...instances].reverse()] as [Instance, Instance][]) {
      // A price that was posted while nobody heard is gone; the next one is not.
      await eventually(async () => {
        const posted = ++price;
        await post(`${here.url}/api/market/prices`, { prices: [{ symbol: "BTC", price: posted }] });
        const { body } = await get<{ price: number }>(`${there.url}/api/market?symbol=BTC`);
        return body.price === posted;
      });
    }
  }

  it("hear each other, both ways, and share cached answers", async () => {
    await trade();
    await pricesPass();
    await get(`${instances[0].url}/api/trades?limit=7`);
    await eventually(async () => {
      const found = await Promise.all(
        cluster.nodes.map(async (node) => (await node.call("KEYS", "*answer*")) as string[]),
      );
      return found.flat().length > 0;
    });
  });

  it("go on when the slot of their channel is moved to another master", async () => {
    const before = await cluster.masterOf(channel);
    await cluster.move(channel);
    expect((await cluster.masterOf(channel)).id).not.to.equal(before.id);
    await trade();
    await pricesPass();
  });

  it("go on when the master of their channel dies and its replica takes over", async () => {
    const master = await cluster.masterOf(channel);
    await master.kill();
    for (let count = 0; count < 5; count++) await trade();
    const other = cluster.nodes.find(({ id }) => id !== master.id) as ClusterNode;
    await eventually(async () => (await cluster.masterOf(channel)).id !== master.id);
    await cluster.isWhole(other);
    await pricesPass();
    await trade();
    await master.start();
    await pricesPass();
  });

  it("serve where the node that the URL names is away at the start, and join once it is back", async () => {
    const node = cluster.nodes[5] as ClusterNode;
    await node.kill();
    await instances[1].stop();
    instances[1] = await start(node);
    subscribers[1]?.close();
    subscribers[1] = subscribeTo(instances[1].url, ["trades"], { since: 0 });
    await trade();
    await node.start();
    await pricesPass();
    await trade();
  });

  it("survive garbage on their channels, and go on hearing what is none", async () => {
    const own = await eventually(async () => {
      const found = await Promise.all(
        cluster.nodes.map(async (node) => (await node.call("PUBSUB", "SHARDCHANNELS")) as string[]),
      );
      // The shared one, each instance's own, and that of the beat.
      const names = new Set(found.flat().filter((name) => name.startsWith(channel.slice(0, -3))));
      return names.size === 4 && [...names];
    });
    const master = await cluster.masterOf(channel);
    for (const name of own) for (const message of GARBAGE) await master.call("SPUBLISH", name, message);
    await trade();
    await pricesPass();
  });
});
