import type { Socket as TcpSocket } from "node:net";
import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import { eventually } from "../support/eventually.ts";
import { get, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

interface Price {
  symbol: string;
  price: number;
}

describe("live values", () => {
  const symbols = Array.from({ length: 900 }, (_, index) => `SYM${index}`);
  let instance: Instance;
  const sockets: Socket[] = [];

  before(async () => {
    instance = await startInstance({ DATABASE_URL: await newDatabase(), PRICE_FEED: "none" });
  });
  after(async () => {
    for (const socket of sockets) socket.disconnect();
    await instance?.stop();
  });

  const metric = async (name: string) => {
    const text = (await get<string>(`${instance.url}/metrics`)).body;
    return Number(new RegExp(`^trading_playground_${name} (\\S+)$`, "m").exec(text)?.[1]);
  };
  const follow = async (channels: string[]) => {
    const socket = io(instance.url, { transports: ["websocket"], forceNew: true, auth: { channels } });
    sockets.push(socket);
    const seen = { prices: new Map<string, number>(), received: 0, wentBack: 0 };
    socket.on("prices", (prices: Price[]) => {
      seen.received += prices.length;
      for (const { symbol, price } of prices) {
        if (price < (seen.prices.get(symbol) ?? 0)) seen.wentBack++;
        seen.prices.set(symbol, price);
      }
    });
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    return { socket, seen };
  };
  const setAll = (price: number) =>
    post(`${instance.url}/api/market/prices`, { prices: symbols.map((symbol) => ({ symbol, price })) });

  it("reach everyone in their newest state, also where many share the same channels", async () => {
    await setAll(1);
    const crowd = await Promise.all(Array.from({ length: 70 }, () => follow(["prices"])));
    const few = await Promise.all(
      Array.from({ length: 40 }, (_, index) => follow([`prices/SYM${index}`, "prices/SYM899"])),
    );
    for (let price = 2; price <= 12; price++) await setAll(price);
    const everyone = [...crowd, ...few];
    await eventually(async () =>
      everyone.every(({ seen }) => [...seen.prices.values()].every((p) => p === 12)),
    );
    expect(new Set(crowd.map(({ seen }) => seen.prices.size))).to.deep.equal(new Set([900]));
    expect(new Set(few.map(({ seen }) => seen.prices.size))).to.deep.equal(new Set([2]));
    expect(everyone.reduce((sum, { seen }) => sum + seen.wentBack, 0)).to.equal(0);
    for (const { socket } of everyone) socket.disconnect();
  });

  it("wait for a client that does not read, hold nobody else up, and are current when it reads again", async () => {
    const quick = await follow(["prices"]);
    const slow = await follow(["prices"]);
    const engine = slow.socket.io.engine as unknown as { transport: { ws: { _socket: TcpSocket } } };
    await eventually(async () => slow.seen.prices.size === 900);
    engine.transport.ws._socket.pause();
    let price = 100;
    await eventually(async () => {
      await setAll(++price);
      return (await metric("stream_behind")) === 1;
    });
    // Everything that comes now is for the other one.
    for (let more = 0; more < 5; more++) await setAll(++price);
    await eventually(async () => [...quick.seen.prices.values()].every((seen) => seen === price));
    expect(await metric("stream_behind")).to.equal(1);
    engine.transport.ws._socket.resume();
    await eventually(async () => [...slow.seen.prices.values()].every((seen) => seen === price));
    expect(slow.seen.received).to.be.lessThan(quick.seen.received);
    expect(await metric("stream_cut_off_total")).to.equal(0);
    await setAll(++price);
    await eventually(async () => [...slow.seen.prices.values()].every((seen) => seen === price));
  });
});
