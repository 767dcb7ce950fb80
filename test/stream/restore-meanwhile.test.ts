import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import type { StreamRecord } from "../support/subscriber.ts";

interface Head {
  seq: number;
  epoch: string;
}

/** Clients that have come from an instance that is ahead, so that they wait for this one, when the tape is restored. */
describe("a restore while a client waits for the cursor", function () {
  this.timeout(60_000);
  let database: string;
  let app: App;
  const open: Socket[] = [];

  beforeEach(async () => {
    database = await newDatabase();
    app = await startHere({ DATABASE_URL: database });
    await post(`${app.url}/api/trades/bulk`, { trades: Array.from({ length: 3 }, () => aTrade()) });
    // The head is ahead of what this instance can read, as while another one's batch is still on its way.
    await query(database, "UPDATE tape_head SET seq = 8, trades_seq = 8");
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.disconnect();
    await app.stop();
  });

  const restore = (head: number) =>
    query(database, `UPDATE tape_head SET seq = ${head}, trades_seq = ${head}, epoch = 'restored'`);
  const clients = async () => {
    const { body } = await get<string>(`${app.url}/metrics`);
    return Number(/^trading_playground_stream_clients (\S+)$/m.exec(body)?.[1]);
  };

  async function connect() {
    const socket = io(app.url, { transports: ["websocket"], forceNew: true, reconnection: false });
    open.push(socket);
    const seen = { records: [] as StreamRecord[], heads: [] as Head[], resets: [] as unknown[], cut: 0 };
    socket.on("trades", (records: StreamRecord[]) => seen.records.push(...records));
    socket.on("head", (head: Head) => seen.heads.push(head));
    socket.on("reset", (reset) => seen.resets.push(reset));
    socket.on("disconnect", () => seen.cut++);
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    const ask = (event: string, request: unknown) =>
      socket.timeout(20_000).emitWithAck(event, request) as Promise<Record<string, unknown>>;
    return { socket, seen, ask };
  }

  it("resets the client once and goes on with it from the new head, however long nothing is written", async () => {
    const { seen, ask } = await connect();
    expect(await ask("subscribe", { channels: ["trades"], since: 8 })).to.include({ ok: true, head: 8 });
    await restore(3);
    await eventually(async () => seen.resets.length > 0);
    // Three of them come later than the longest wait for the cursor.
    await eventually(async () => seen.heads.length === 3 || seen.cut > 0);
    expect(seen.cut).to.equal(0);
    expect(seen.resets).to.deep.equal([{ reason: "epoch", oldest: 1, head: 3, epoch: "restored" }]);
    expect(new Set(seen.heads.map(({ seq, epoch }) => `${seq} ${epoch}`))).to.deep.equal(
      new Set(["3 restored"]),
    );
  });

  it("sends the client each record once, also when the cursor then comes to where it waited", async () => {
    const { socket, seen, ask } = await connect();
    expect(await ask("subscribe", { channels: ["trades"], since: 8 })).to.include({ ok: true });
    await restore(3);
    await query(database, "DELETE FROM tape WHERE seq > 3");
    await eventually(async () => seen.resets.length > 0);
    for (let seq = 4; seq <= 10; seq++) {
      await post(`${app.url}/api/trades`, aTrade());
      await eventually(async () => seen.records.at(-1)?.seq === seq);
    }
    expect(seen.records.map(({ seq }) => seq)).to.deep.equal([4, 5, 6, 7, 8, 9, 10]);
    expect(seen.heads.filter(({ seq }) => seq === 8)).to.have.length.at.most(1);
    // The request that waited is over, so that the next one gets its turn.
    expect(await ask("subscribe", { channels: ["portfolios"] })).to.include({ ok: true, head: 10 });
    socket.disconnect();
    await eventually(async () => (await clients()) === 0);
  });

  it("gives a request its turn that waits behind the one that was ended", async () => {
    const { seen, ask } = await connect();
    await ask("subscribe", { channels: ["trades"], since: 8 });
    const behind = ask("unsubscribe", { channels: ["trades"] });
    await restore(3);
    await eventually(async () => seen.resets.length > 0);
    expect(await behind).to.deep.include({ ok: true, channels: [] });
    await post(`${app.url}/api/trades`, aTrade());
    expect(await ask("subscribe", { channels: ["trades"], since: 3 })).to.include({ ok: true });
    await eventually(async () => seen.records.length === 1);
    expect([seen.records[0]?.seq, seen.cut]).to.deep.equal([4, 0]);
  });
});
