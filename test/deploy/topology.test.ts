import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { io } from "socket.io-client";
import { makeKey, signIn } from "../accounts/people.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { freePort, startRedis, type TestRedis } from "../support/redis.ts";
import { faults, type Subscriber, subscribeTo } from "../support/subscriber.ts";
import { instancesOf, NEEDED, readCompose } from "./files.ts";
import { type Balancer, haproxy, startBalancer } from "./haproxy.ts";

describe("The compose file's topology", () => {
  const instances: Record<string, Instance> = {};
  const environments: Record<string, Record<string, string>> = {};
  const subscribers: Subscriber[] = [];
  let redis: TestRedis;
  let balancer: Balancer;
  let bearer: { authorization: string };

  before(async function () {
    const program = haproxy(this);
    redis = await startRedis(this);
    const databaseUrl = await newDatabase();
    const addresses: Record<string, string> = {};
    for (const [name, environment] of instancesOf(readCompose())) {
      const port = String(await freePort());
      const own = { HOST: "127.0.0.1", PORT: port, DATABASE_URL: databaseUrl, REDIS_URL: redis.url };
      environments[name] = { ...environment, ...own };
      addresses[name] = `127.0.0.1:${port}`;
    }
    // Both have to be known to `after`, also where one of them fails.
    const started = await Promise.allSettled(Object.keys(environments).map(start));
    for (const result of started) if (result.status === "rejected") throw result.reason;
    balancer = await startBalancer(program, addresses);
    const { ADMIN_EMAIL = "", ADMIN_PASSWORD } = NEEDED;
    ({ bearer } = await makeKey(balancer.url, {
      cookie: await signIn(balancer.url, ADMIN_EMAIL, ADMIN_PASSWORD),
    }));
  });

  afterEach(() => {
    for (const subscriber of subscribers.splice(0)) subscriber.close();
  });

  after(async () => {
    await balancer?.stop();
    await Promise.all(Object.values(instances).map((instance) => instance.kill()));
    await redis?.stop();
  });

  async function start(name: string): Promise<void> {
    instances[name] = await startInstance(environments[name] ?? {});
  }

  const instance = (name: string): Instance => instances[name] as Instance;

  /** How many clients an instance says are connected to it. */
  async function clientsOf(name: string): Promise<number> {
    const text = String((await get<string>(`${instance(name).url}/metrics`)).body);
    return Number(/^trading_playground_stream_clients (\d+)$/m.exec(text)?.[1]);
  }

  async function follow(count: number, transports: ("websocket" | "polling")[]): Promise<Subscriber[]> {
    const made = Array.from({ length: count }, () => subscribeTo(balancer.url, ["trades"], { transports }));
    subscribers.push(...made);
    for (const subscriber of made) await eventually(async () => subscriber.heads.length > 0);
    return made;
  }

  /** Clients of both kinds: `home` is the instance with the polling ones, and both have websocket ones. */
  async function followFromBoth(): Promise<{ clients: Subscriber[]; home: string; other: string }> {
    const names = Object.keys(instances);
    const polling = await follow(2, ["polling"]);
    const home = await eventually(async () => {
      const counts = await Promise.all(names.map(clientsOf));
      // Nobody else is left from before.
      if (counts.reduce((sum, count) => sum + count, 0) !== polling.length) return undefined;
      return names.find((_name, index) => counts[index] === polling.length);
    });
    const other = names.find((name) => name !== home) as string;
    const direct = await follow(6, ["websocket"]);
    for (const [name, least] of [
      [home, polling.length + 1],
      [other, 1],
    ] as const) {
      await eventually(async () => (await clientsOf(name)) >= least);
    }
    return { clients: [...polling, ...direct], home, other };
  }

  /** Posts through the balancer; one that broke off is posted again, as the contract allows with an id. */
  async function record(count: number): Promise<number> {
    let seq = 0;
    for (let index = 0; index < count; index++) {
      const trade = aTrade({ id: randomUUID() });
      const { body } = await eventually(async () => {
        const answer = await post<{ trade: { seq: number } }>(
          `${balancer.url}/api/trades`,
          trade,
          bearer,
        ).catch(() => undefined);
        return answer !== undefined && answer.status < 300 && answer;
      });
      seq = body.trade.seq;
    }
    return seq;
  }

  /** Resolves once the balancer sends requests to this instance. */
  async function serves(name: string): Promise<void> {
    const seen = balancer.log().length;
    await eventually(async () => {
      await get(`${balancer.url}/healthz`, { connection: "close" });
      return balancer.log().slice(seen).includes(`instances/${name} `);
    });
  }

  it("serves reads and writes from both instances", async () => {
    for (const name of Object.keys(instances)) await serves(name);
    const { status, body } = await post<{ trade: { id: string } }>(
      `${balancer.url}/api/trades`,
      aTrade(),
      bearer,
    );
    expect(status).to.equal(201);
    for (const { url } of [balancer, ...Object.values(instances)]) {
      expect((await get(`${url}/api/trades/${body.trade.id}`)).body).to.include({ id: body.trade.id });
    }
  });

  it("keeps a polling client on the instance that its cookie names", async () => {
    const sockets = Object.keys(instances).map((name) =>
      io(balancer.url, {
        transports: ["polling"],
        forceNew: true,
        extraHeaders: { cookie: `TP_INSTANCE=${name}` },
        auth: { channels: ["trades"] },
      }),
    );
    try {
      const received = sockets.map((socket) => new Promise((resolve) => socket.once("trades", resolve)));
      for (const name of Object.keys(instances)) await eventually(async () => (await clientsOf(name)) === 1);
      const seq = await record(1);
      for (const trades of await Promise.all(received))
        expect(trades).to.have.nested.property("[0].seq", seq);
      expect(sockets.every((socket) => socket.connected)).to.equal(true);
    } finally {
      for (const socket of sockets) socket.disconnect();
    }
  });

  it("keeps polling clients without cookies together, and clients that upgrade", async () => {
    const clients = [...(await follow(2, ["polling"])), ...(await follow(2, ["polling", "websocket"]))];
    const from = Math.max(...clients.map((client) => client.since()));
    const to = await record(5);
    for (const client of clients) {
      await client.reached(to);
      expect(faults(client.records, from, to)).to.deep.equal([]);
    }
    await eventually(async () => clients[3]?.socket.io.engine.transport.name === "websocket");
  });

  it("carries a trade to the websocket clients of both instances, and to event streams", async () => {
    const clients = await follow(6, ["websocket"]);
    for (const name of Object.keys(instances)) await eventually(async () => (await clientsOf(name)) >= 2);
    const from = Math.max(...clients.map((client) => client.since()));
    const stopped = new AbortController();
    const stream = await fetch(`${balancer.url}/api/stream?channels=trades&since=${from}`, {
      signal: stopped.signal,
    });
    const to = await record(10);
    let text = "";
    for await (const chunk of stream.body as ReadableStream<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      if (text.includes(`id: ${to}\nevent: trades`)) break;
    }
    stopped.abort();
    for (const client of clients) {
      await client.reached(to);
      expect(faults(client.records, from, to)).to.deep.equal([]);
    }
  });

  it("brings everyone back without a gap when an instance is killed", async () => {
    const { clients, home: killed, other: left } = await followFromBoth();
    const from = Math.max(...clients.map((client) => client.since()));
    await record(10);
    await instance(killed).kill();
    await record(20);
    await eventually(async () => (await clientsOf(left)) === clients.length);
    const to = await record(5);
    for (const client of clients) {
      await client.reached(to);
      expect(faults(client.records, from, to)).to.deep.equal([]);
    }
    await start(killed);
    await serves(killed);
  });

  it("drains an instance that is stopped without failing a request", async () => {
    const { clients, home: stopped, other: left } = await followFromBoth();
    const from = Math.max(...clients.map((client) => client.since()));
    const failures: string[] = [];
    let requests = 0;
    let ended = false;
    // Without ids: nothing here could be sent a second time, so one failure is a failure.
    const writer = async () => {
      while (!ended) {
        requests++;
        await post(`${balancer.url}/api/trades`, aTrade(), bearer).then(
          ({ status, body }) => status !== 201 && failures.push(`${status} ${JSON.stringify(body)}`),
          (error: Error) => failures.push(`${error.message} ${String(error.cause)}`),
        );
      }
    };
    const writers = Array.from({ length: 16 }, writer);
    await eventually(async () => requests > 200);
    const code = await instance(stopped).stop();
    const atStop = requests;
    await eventually(async () => requests > atStop + 200);
    ended = true;
    await Promise.all(writers);
    expect(failures).to.deep.equal([]);
    expect(code).to.equal(0);
    const to = await record(1);
    for (const client of clients) {
      await client.reached(to);
      expect(faults(client.records, from, to)).to.deep.equal([]);
    }
    await eventually(async () => (await clientsOf(left)) === clients.length);
  });

  it("answers in the service's own form when no instance is left", async () => {
    await Promise.all(Object.values(instances).map((instance) => instance.kill()));
    // A connection that is kept alive may break once, as its other half did.
    const { status, headers, body } = await eventually(() =>
      get(`${balancer.url}/api/trades`).catch(() => undefined),
    );
    expect(status).to.equal(503);
    expect(headers.get("retry-after")).to.equal("1");
    expect(body).to.include({ success: false, code: "unavailable" });
  });
});
