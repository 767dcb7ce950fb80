import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { type ClientState, createPlaygroundClient, type Price, type Trade } from "../../web/client/index.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

/** A way to a server that can lose its connections without a word: they stay open and carry nothing more. */
async function losingProxy(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let carried = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      carried.add(from);
      from.on("error", () => {});
      from.on("data", (bytes) => carried.has(from) && to.write(bytes));
      from.on("close", () => carried.has(from) && to.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose() {
      carried = new Set();
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe("createPlaygroundClient over a connection that has gone without a word", function () {
  this.timeout(300_000);
  let instance: Instance;
  let proxy: Awaited<ReturnType<typeof losingProxy>>;

  before(async () => {
    instance = await startInstance({ DATABASE_URL: await newDatabase() });
    proxy = await losingProxy(instance.url);
  });
  after(async () => {
    proxy?.stop();
    await instance?.stop();
  });

  it("says that it is silent, connects anew and brings what was missed, each once", async () => {
    const client = createPlaygroundClient({ url: proxy.url, channels: ["trades"] });
    const trades: Trade[] = [];
    const states: ClientState[] = [];
    client.on("trades", (records) => trades.push(...records));
    client.on("state", (state) => states.push(state));
    try {
      await eventually(async () => client.state === "live");
      await post(`${instance.url}/api/trades`, aTrade({ id: "before" }));
      await eventually(async () => trades.length === 1);
      proxy.lose();
      await post(`${instance.url}/api/trades`, aTrade({ id: "missed" }));
      await eventually(async () => trades.length === 2);
      await eventually(async () => client.state === "live");
      expect(trades.map(({ id }) => id)).to.deep.equal(["before", "missed"]);
      expect(states).to.deep.equal(["catching-up", "live", "silent", "catching-up", "live"]);
    } finally {
      client.close();
    }
  });

  it("stays live where only live values are followed and none comes, and knows silence there too", async () => {
    const client = createPlaygroundClient({ url: proxy.url, channels: ["prices"] });
    const watcher = createPlaygroundClient({ url: instance.url, channels: ["trades"] });
    const prices: Price[] = [];
    const states: ClientState[] = [];
    let heads = 0;
    client.on("prices", (values) => prices.push(...values));
    client.on("state", (state) => states.push(state));
    watcher.on("head", () => heads++);
    try {
      await eventually(async () => client.state === "live");
      // Heads come every 5 s: more than the client's patience goes by.
      await eventually(async () => heads >= 5);
      expect(states).to.deep.equal(["live"]);
      proxy.lose();
      await post(`${instance.url}/api/market/prices`, { prices: [{ symbol: "LOST", price: 3 }] });
      await eventually(async () => prices.some(({ symbol }) => symbol === "LOST"));
      expect(states).to.deep.equal(["live", "silent", "live"]);
    } finally {
      client.close();
      watcher.close();
    }
  });
});
