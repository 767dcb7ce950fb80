import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { faults, type StreamRecord, type Subscriber, subscribeTo } from "../support/subscriber.ts";

const heard = (socket: Socket, event: string) =>
  new Promise<unknown>((resolve) => socket.once(event, resolve));

describe("the Socket.IO door", () => {
  let app: App;
  let database: string;
  let api: string;
  const open: { disconnect(): unknown }[] = [];

  before(async () => {
    database = await newDatabase();
    app = await startHere({ DATABASE_URL: database });
    api = `${app.url}/api`;
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.disconnect();
  });
  after(() => app.stop());

  const head = async () => (await get<{ head: number; epoch: string }>(`${api}/tape?limit=1`)).body;
  const recordTrade = async (fields: Record<string, unknown> = {}) =>
    (await post<{ trade: StreamRecord }>(`${api}/trades`, aTrade(fields))).body.trade;

  async function connect(auth: Record<string, unknown> = {}): Promise<Socket> {
    const socket = io(app.url, { transports: ["websocket"], forceNew: true, auth, reconnection: false });
    open.push(socket);
    await heard(socket, "connect");
    return socket;
  }
  function subscribe(channels: string[], options: Parameters<typeof subscribeTo>[2] = {}): Subscriber {
    const subscriber = subscribeTo(app.url, channels, options);
    open.push(subscriber.socket);
    return subscriber;
  }
  const ask = (socket: Socket, event: string, request: unknown) =>
    socket.timeout(120_000).emitWithAck(event, request) as Promise<Record<string, unknown>>;

  it("acknowledges a subscription with its channels, the head and the epoch", async () => {
    const socket = await connect();
    const now = await head();
    const ack = await ask(socket, "subscribe", { channels: ["trades", "trades/symbol/btc"] });
    expect(ack).to.deep.equal({
      ok: true,
      channels: ["trades", "trades/symbol/BTC"],
      head: now.head,
      epoch: now.epoch,
    });
  });

  it("sends each record once, as an array, however the channels overlap", async () => {
    const model = "Claude Sonnet 4.5";
    const subscriber = subscribe([
      "trades",
      "trades/symbol/BTC",
      `trades/model/${encodeURIComponent(model)}`,
      "portfolios",
    ]);
    await eventually(async () => subscriber.heads.length > 0);
    const trade = await recordTrade({ model });
    await post(`${api}/portfolio`, { model, balance: 5 });
    await eventually(async () => subscriber.records.length === 2);
    expect(subscriber.records[0]).to.deep.equal(trade);
    expect(subscriber.records[1]).to.include({ model, balance: 5, seq: trade.seq + 1 });
    expect(subscriber.frames).to.deep.equal(["trades", "portfolios"]);
  });

  it("sends a closed trade again, with its new seq", async () => {
    const subscriber = subscribe(["trades/symbol/CLOSE"]);
    await eventually(async () => subscriber.heads.length > 0);
    await recordTrade({ id: "stream-close", symbol: "CLOSE", status: "open" });
    await patch(`${api}/trades/stream-close`, { exit_price: 1 });
    await eventually(async () => subscriber.records.length === 2);
    expect(subscriber.records.map(({ status }) => status)).to.deep.equal(["open", "closed"]);
  });

  it("replays the past in order and says up to where it is", async () => {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => recordTrade({ symbol: index % 2 ? "AA" : "BB" })),
    );
    const now = await head();
    const all = subscribe(["trades", "portfolios", "sentiments"], { since: 0 });
    await all.reached(now.head);
    expect(faults(all.records, 0, now.head)).to.deep.equal([]);
    const some = subscribe(["trades/symbol/AA"], { since: 0 });
    await some.reached(now.head);
    expect(some.records).to.have.length(50);
    expect(some.heads.at(-1)).to.deep.equal({ seq: now.head, epoch: now.epoch });
  });

  it("replays from PostgreSQL what memory does not hold, and goes on live without a gap", async () => {
    const other = await startHere({ DATABASE_URL: database });
    try {
      const now = await head();
      const subscriber = subscribeTo(other.url, ["trades", "portfolios", "sentiments"], { since: 0 });
      open.push(subscriber.socket);
      const writes = Array.from({ length: 200 }, () => recordTrade());
      await Promise.all(writes);
      await subscriber.reached(now.head + 200);
      expect(faults(subscriber.records, 0, now.head + 200)).to.deep.equal([]);
    } finally {
      await other.stop();
    }
  });

  it("adds channels from a since on, and refuses one that lies behind what was sent", async () => {
    const socket = await connect();
    const records: StreamRecord[] = [];
    for (const event of ["trades", "sentiments"])
      socket.on(event, (list: StreamRecord[]) => records.push(...list));
    const { head: start } = await head();
    await ask(socket, "subscribe", { channels: ["trades"] });
    await post(`${api}/sentiment`, { text: "up only", symbol: "BTC" });
    const added = await ask(socket, "subscribe", { channels: ["sentiments"], since: start });
    expect(added).to.include({ ok: true });
    await eventually(async () => records.length === 1);
    await recordTrade();
    await eventually(async () => records.length === 2);
    const behind = await ask(socket, "subscribe", { channels: ["portfolios"], since: start });
    expect(behind).to.include({ ok: false, code: "since_behind" });
    const trade = await recordTrade();
    await eventually(async () => records.at(-1)?.seq === trade.seq);
    expect(records.map(({ seq }) => seq)).to.deep.equal([start + 1, start + 2, start + 3]);
  });

  it("lets a client that was sent live values alone begin in the past", async () => {
    const socket = await connect();
    const { head: start } = await head();
    const trade = await recordTrade();
    const records: StreamRecord[] = [];
    socket.on("trades", (list: StreamRecord[]) => records.push(...list));
    expect(await ask(socket, "subscribe", { channels: ["prices", "leaderboard"] })).to.include({ ok: true });
    expect(await ask(socket, "subscribe", { channels: ["trades"], since: start })).to.include({ ok: true });
    await eventually(async () => records.length === 1);
    expect(records[0]?.seq).to.equal(trade.seq);
  });

  it("stops sending a channel that was unsubscribed", async () => {
    const socket = await connect();
    const records: StreamRecord[] = [];
    socket.on("trades", (list: StreamRecord[]) => records.push(...list));
    await ask(socket, "subscribe", { channels: ["trades/symbol/ONE", "trades/symbol/TWO"] });
    const ack = await ask(socket, "unsubscribe", { channels: ["trades/symbol/ONE"] });
    expect(ack).to.deep.include({ ok: true, channels: ["trades/symbol/TWO"] });
    await recordTrade({ symbol: "ONE" });
    const two = await recordTrade({ symbol: "TWO" });
    await eventually(async () => records.length > 0);
    expect(records).to.deep.equal([two]);
  });

  it("resets a client that is ahead of the tape or of another epoch, and goes on from the head", async () => {
    const now = await head();
    const ahead = subscribe(["trades"], { since: now.head + 1000 });
    await eventually(async () => ahead.resets.length > 0);
    expect(ahead.resets[0]).to.deep.equal({ reason: "ahead", oldest: 1, head: now.head, epoch: now.epoch });
    const foreign = subscribe(["trades"], { since: 1, epoch: "another" });
    await eventually(async () => foreign.resets.length > 0);
    expect(foreign.resets[0]).to.include({ reason: "epoch", head: now.head });
    const trade = await recordTrade();
    await eventually(async () => ahead.records.length > 0 && foreign.records.length > 0);
    expect([ahead.records, foreign.records]).to.deep.equal([[trade], [trade]]);
  });

  it("sends current prices at once and then the newest of each, in one frame", async () => {
    await post(`${api}/market/prices`, {
      prices: [
        { symbol: "BTC", price: "65000.5" },
        { symbol: "ETH", price: 3000 },
      ],
    });
    const socket = await connect();
    const frames: { symbol: string; price: number }[][] = [];
    socket.on("prices", (frame) => frames.push(frame));
    await ask(socket, "subscribe", { channels: ["prices/BTC"] });
    await eventually(async () => frames.length === 1);
    expect(frames[0]?.map(({ symbol, price }) => [symbol, price])).to.deep.equal([["BTC", 65_000.5]]);
    for (let price = 1; price <= 20; price++) {
      await post(`${api}/market/prices`, {
        prices: [
          { symbol: "BTC", price },
          { symbol: "ETH", price },
        ],
      });
    }
    await eventually(async () => frames.at(-1)?.[0]?.price === 20);
    expect(frames.flat().every(({ symbol }) => symbol === "BTC")).to.equal(true);
  });

  describe("with requests that are not as they must be", () => {
    const bad: [string, unknown, string][] = [
      ["an unknown channel", { channels: ["trades", "nothing"] }, "unknown_channel"],
      ["a channel of a symbol that is none", { channels: ["trades/symbol/a b"] }, "unknown_channel"],
      ["a channel with a broken encoding", { channels: ["portfolios/%E0%A4%A"] }, "unknown_channel"],
      ["a channel named like a part of every object", { channels: ["__proto__"] }, "unknown_channel"],
      ["no channels", { channels: [] }, "validation_error"],
      ["nothing", undefined, "validation_error"],
      ["text", "trades", "validation_error"],
      ["a since that is no number", { channels: ["trades"], since: "x" }, "validation_error"],
      ["a negative since", { channels: ["trades"], since: -1 }, "validation_error"],
      ["an unknown field", { channels: ["trades"], colour: 1 }, "validation_error"],
      ["too many channels", { channels: Array(129).fill("trades") }, "validation_error"],
    ];
    for (const [name, request, code] of bad) {
      it(`refuses ${name} and stays connected`, async () => {
        const socket = await connect();
        expect(await ask(socket, "subscribe", request)).to.include({ ok: false, code });
        expect(await ask(socket, "subscribe", { channels: ["trades"] })).to.include({ ok: true });
      });
    }

    it("answers an event nobody knows and survives one without an ack", async () => {
      const socket = await connect();
      expect(await ask(socket, "explode", { a: 1 })).to.include({ ok: false, code: "unknown_event" });
      socket.emit("explode");
      socket.emit("subscribe");
      socket.emit("subscribe", { channels: ["nothing"] });
      socket.emit("subscribe", null, "no function");
      expect(await ask(socket, "subscribe", { channels: ["trades"] })).to.include({ ok: true });
    });

    it("refuses a handshake with an unknown channel", async () => {
      const socket = io(app.url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        auth: { channels: ["nothing"] },
      });
      open.push(socket);
      const error = (await heard(socket, "connect_error")) as Error & { data: unknown };
      expect(error.data).to.include({ ok: false, code: "unknown_channel" });
    });
  });

  it("resets a client whose past is no longer kept", async () => {
    const own = await newDatabase();
    const first = await startHere({ DATABASE_URL: own });
    await post(`${first.url}/api/trades/bulk`, { trades: Array.from({ length: 10 }, () => aTrade()) });
    await first.stop();
    await query(own, "UPDATE tape SET at = now() - interval '3 days' WHERE seq <= 6");
    const trimmed = await startHere({ DATABASE_URL: own, TAPE_RETENTION_DAYS: "2" });
    try {
      await eventually(
        async () => (await query(own, "SELECT 1 FROM tape_head WHERE oldest = 7")).length === 1,
      );
      const late = subscribeTo(trimmed.url, ["trades"], { since: 3 });
      const inTime = subscribeTo(trimmed.url, ["trades"], { since: 6 });
      open.push(late.socket, inTime.socket);
      await eventually(async () => late.resets.length > 0);
      expect(late.resets[0]).to.include({ reason: "too_old", oldest: 7, head: 10 });
      await inTime.reached(10);
      expect(faults(inTime.records, 6, 10)).to.deep.equal([]);
      expect(await query(own, "SELECT count(*)::int AS trades FROM trades")).to.deep.equal([{ trades: 10 }]);
    } finally {
      await trimmed.stop();
    }
  });

  it("starts anew when the tape was restored under it", async () => {
    const own = await newDatabase();
    const restored = await startHere({ DATABASE_URL: own });
    try {
      await post(`${restored.url}/api/trades`, aTrade());
      const subscriber = subscribeTo(restored.url, ["trades"], { since: 0 });
      open.push(subscriber.socket);
      await subscriber.reached(1);
      await query(own, "TRUNCATE tape, trades");
      await query(own, "UPDATE tape_head SET seq = 0, trades_seq = 0, epoch = 'restored'");
      await eventually(async () => subscriber.resets.length > 0);
      expect(subscriber.resets[0]).to.deep.equal({ reason: "epoch", oldest: 1, head: 0, epoch: "restored" });
      await post(`${restored.url}/api/trades`, aTrade({ id: "after the restore" }));
      await eventually(async () => subscriber.records.at(-1)?.id === "after the restore");
      expect(subscriber.records.at(-1)?.seq).to.equal(1);
    } finally {
      await restored.stop();
    }
  });
});
