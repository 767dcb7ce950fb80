import { expect } from "chai";
import type { z } from "zod";
import type { portfolioOut, positionOut } from "../../src/contracts/portfolio.ts";
import type { sentimentOut } from "../../src/contracts/sentiment.ts";
import type { Ack, HeadEvent, ResetEvent } from "../../src/contracts/stream.ts";
import type { tradeOut } from "../../src/contracts/trades.ts";
import {
  type ClientState,
  createPlaygroundClient,
  type PlaygroundClient,
  type Trade,
} from "../../web/client/index.ts";
import type * as wire from "../../web/client/wire.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";

// The client ships without the service, so its types are its own; that they are the contract's is checked here.
// (The contract's decimals are also strings, for those who ask for them.)
type Same<Contract, Client> = [Client, keyof Contract] extends [Contract, keyof Client] ? true : never;
const sameTypes: true[] = [
  true satisfies Same<z.output<typeof tradeOut>, wire.Trade>,
  true satisfies Same<z.output<typeof portfolioOut>, wire.Portfolio>,
  true satisfies Same<z.output<typeof positionOut>, wire.Position>,
  true satisfies Same<z.output<typeof sentimentOut>, wire.Sentiment>,
  true satisfies Same<HeadEvent, wire.Head>,
  true satisfies Same<ResetEvent, wire.Reset>,
  true satisfies Same<Ack, wire.Ack>,
];

describe("createPlaygroundClient", () => {
  let environment: Record<string, string>;
  let instance: Instance;
  const clients: PlaygroundClient[] = [];

  before(async () => {
    environment = { DATABASE_URL: await newDatabase(), PORT: String(await freePort()) };
    instance = await startInstance(environment);
  });
  after(() => instance.stop());
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  const connect = (options: Parameters<typeof createPlaygroundClient>[0]) => {
    const client = createPlaygroundClient({ url: instance.url, ...options });
    const trades: Trade[] = [];
    const states: ClientState[] = [];
    client.on("trades", (records) => trades.push(...records));
    client.on("state", (state) => states.push(state));
    clients.push(client);
    return { client, trades, states };
  };
  const trade = async (fields: object) => {
    const { status } = await post(`${instance.url}/api/trades`, aTrade({ ...fields }));
    expect(status).to.equal(201);
  };
  const head = async () => (await get<{ head: number }>(`${instance.url}/api/tape?limit=1`)).body.head;

  it("has the contract's types", () => {
    expect(sameTypes).to.not.include(false);
  });

  it("catches up from since and goes on live, in order", async () => {
    const since = await head();
    await trade({ id: "past-1" });
    await trade({ id: "past-2" });
    const { client, trades, states } = connect({ channels: ["trades"], since });
    await eventually(async () => client.state === "live");
    await trade({ id: "live-1" });
    await eventually(async () => trades.length >= 3);
    expect(trades.map(({ id }) => id)).to.deep.equal(["past-1", "past-2", "live-1"]);
    expect(states).to.deep.equal(["catching-up", "live"]);
    expect(client.since).to.equal(trades.at(-1)?.seq);
    expect(client.epoch).to.be.a("string");
  });

  it("resumes by itself after the server was killed, each trade once", async () => {
    const { client, trades, states } = connect({ channels: ["trades"], since: await head() });
    await eventually(async () => client.state === "live");
    await trade({ id: "before" });
    await eventually(async () => trades.length === 1);
    await instance.kill();
    await eventually(async () => client.state === "offline");
    instance = await startInstance(environment);
    await trade({ id: "meanwhile" });
    await eventually(async () => client.state === "live");
    await trade({ id: "after" });
    await eventually(async () => trades.some(({ id }) => id === "after"));
    expect(trades.map(({ id }) => id)).to.deep.equal(["before", "meanwhile", "after"]);
    expect(states).to.deep.equal(["catching-up", "live", "offline", "catching-up", "live"]);
  });

  it("tells of a reset where since is ahead of the tape, and goes on from its head", async () => {
    const { client, trades } = connect({ channels: ["trades"], since: 1_000_000 });
    const resets: wire.Reset[] = [];
    client.on("reset", (reset) => resets.push(reset));
    await eventually(async () => client.state === "live");
    expect(resets.map(({ reason }) => reason)).to.deep.equal(["ahead"]);
    expect(client.since).to.equal(resets[0]?.head);
    await trade({ id: "after-reset" });
    await eventually(async () => trades.length > 0);
    expect(trades.map(({ id }) => id)).to.deep.equal(["after-reset"]);
  });

  it("adds and takes away channels while it runs, and throws the service's sentence for an unknown one", async () => {
    const { client, trades } = connect({ channels: ["trades/model/nobody"] });
    await eventually(async () => client.state === "live");
    await client.subscribe("trades/model/gpt-5");
    await trade({ id: "subscribed" });
    await eventually(async () => trades.length === 1);
    await client.unsubscribe("trades/model/gpt-5");
    await trade({ id: "unsubscribed" });
    await trade({ id: "nobody-1", model: "nobody" });
    await eventually(async () => trades.length > 1);
    expect(trades.map(({ id }) => id)).to.deep.equal(["subscribed", "nobody-1"]);
    const failure = await client.subscribe("nonsense").catch((error: Error) => error.message);
    expect(failure).to.include("nonsense");
    expect(client.channels).to.deep.equal(["trades/model/nobody"]);
  });

  it("says so where the service refuses the connection for good", async () => {
    const { client } = connect({ channels: ["nonsense"] });
    const refusals: wire.Refusal[] = [];
    client.on("refused", (refusal) => refusals.push(refusal));
    await eventually(async () => refusals.length > 0);
    expect(refusals[0]).to.have.property("code", "unknown_channel");
    expect(client.state).to.equal("offline");
  });

  it("is told before a planned stop", async () => {
    const { client } = connect({ channels: ["trades"] });
    const notices: { retry_ms: number }[] = [];
    client.on("shutdown", (notice) => notices.push(notice));
    await eventually(async () => client.state === "live");
    await instance.stop();
    await eventually(async () => client.state === "offline");
    expect(notices).to.have.length(1);
    instance = await startInstance(environment);
    await eventually(async () => client.state === "live");
  });
});
