import { expect } from "chai";
import {
  type ClientState,
  createPlaygroundClient,
  type PlaygroundClient,
  type Refusal,
  type Reset,
  type Trade,
} from "../../web/client/index.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";

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
    const resets: Reset[] = [];
    client.on("reset", (reset) => resets.push(reset));
    await eventually(async () => client.state === "live");
    expect(resets.map(({ reason }) => reason)).to.deep.equal(["ahead"]);
    expect(client.since).to.equal(resets[0]?.head);
    await trade({ id: "after-reset" });
    await eventually(async () => trades.length > 0);
    expect(trades.map(({ id }) => id)).to.deep.equal(["after-reset"]);
  });

  it("notices a tape that was restored from a backup, is told its new epoch, and goes on from its head", async () => {
    const before = connect({ channels: ["trades"], since: await head() });
    await eventually(async () => before.client.state === "live");
    const { epoch } = before.client;
    const resets: Reset[] = [];
    before.client.on("reset", (reset) => resets.push(reset));
    await instance.kill();
    await query(environment.DATABASE_URL as string, "UPDATE tape_head SET epoch = 'restored'");
    instance = await startInstance(environment);
    await eventually(async () => before.client.state === "live");
    expect(resets.map(({ reason }) => reason)).to.deep.equal(["epoch"]);
    expect([epoch === "restored", before.client.epoch]).to.deep.equal([false, "restored"]);
    await trade({ id: "after-restore" });
    await eventually(async () => before.trades.length > 0);
    expect(before.trades.map(({ id }) => id)).to.deep.equal(["after-restore"]);
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
    const refusals: Refusal[] = [];
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
