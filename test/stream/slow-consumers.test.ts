import { connect, type Socket } from "node:net";
import { expect } from "chai";
import { SlowConsumerGuard } from "../../src/stream/slow-consumers.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { faults, subscribeTo } from "../support/subscriber.ts";

describe("a client that does not read", () => {
  let instance: Instance;
  const stalled: Socket[] = [];

  before(async () => {
    instance = await startInstance({ DATABASE_URL: await newDatabase() });
  });
  after(async () => {
    for (const socket of stalled) socket.destroy();
    await instance?.stop();
  });

  const metric = async (name: string) => {
    const text = (await get<string>(`${instance.url}/metrics`)).body;
    return Number(new RegExp(`^trading_playground_${name} (\\S+)$`, "m").exec(text)?.[1]);
  };
  const writeMegabytes = async (megabytes: number) => {
    const trades = Array.from({ length: 400 }, () => aTrade({ note: "n".repeat(2000) }));
    for (let written = 0; written < megabytes; written++)
      await post(`${instance.url}/api/trades/bulk`, { trades });
  };

  it("is cut off, while others get everything and memory stays bounded", async () => {
    const { port } = new URL(instance.url);
    const socket = connect(Number(port), "127.0.0.1");
    stalled.push(socket);
    socket.on("error", () => {});
    socket.write("GET /api/stream?channels=trades HTTP/1.1\r\nHost: x\r\n\r\n");
    await eventually(async () => (await metric("stream_clients")) === 1);
    socket.pause();
    const reader = subscribeTo(instance.url, ["trades"], { since: 0 });
    await eventually(async () => (await metric("stream_clients")) === 2);
    await eventually(async () => {
      await writeMegabytes(5);
      return (await metric("stream_cut_off_total")) >= 1;
    });
    const { head } = (await get<{ head: number }>(`${instance.url}/api/tape?limit=1`)).body;
    await reader.reached(head);
    expect(faults(reader.records, 0, head)).to.deep.equal([]);
    reader.close();
  });

  it("is cut off below the bound too, once what waits has not become less for 20 s", () => {
    const start = Date.now();
    const cut: string[] = [];
    const guard = new SlowConsumerGuard(() => {});
    const reading = (name: string, bytesAfter: (seconds: number) => number) => {
      guard.watch({
        backlog: () => ({ bytes: bytesAfter(now), packets: 0 }),
        cut: () => void cut.push(name),
      });
    };
    let now = 0;
    reading("frozen", () => 300_000);
    reading("fed without reading", (seconds) => 1000 * seconds);
    reading("slow, but reading", (seconds) => 300_000 - 1000 * Math.floor(seconds / 15));
    reading("idle", () => 0);
    for (now = 0; now < 60; now++) guard.check(start + now * 1000);
    guard.stop();
    expect(cut).to.have.members(["frozen", "fed without reading"]);
  });

  it("comes back by itself and resumes, over a WebSocket", async () => {
    const { head: start } = (await get<{ head: number }>(`${instance.url}/api/tape?limit=1`)).body;
    const before = await metric("stream_cut_off_total");
    const subscriber = subscribeTo(instance.url, ["trades"], { since: start });
    await eventually(async () => subscriber.heads.length > 0);
    // Stop reading from the network, as a frozen browser tab would.
    const engine = subscriber.socket.io.engine as unknown as { transport: { ws: { _socket: Socket } } };
    engine.transport.ws._socket.pause();
    await eventually(async () => {
      await writeMegabytes(5);
      return (await metric("stream_cut_off_total")) > before;
    });
    const { head } = (await get<{ head: number }>(`${instance.url}/api/tape?limit=1`)).body;
    engine.transport.ws._socket.resume();
    await subscriber.reached(head);
    expect(faults(subscriber.records, start, head)).to.deep.equal([]);
    subscriber.close();
  });
});
