import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { get } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

const READERS = 60;
const PER_ADDRESS = 8;

/** Rows as large as they can be, and more of them than the kernel keeps for both ends. */
describe("CSV exports that nobody reads", function () {
  this.timeout(120_000);
  let app: App;
  const sockets: Socket[] = [];
  before(async () => {
    const database = await newDatabase();
    app = await startHere({ DATABASE_URL: database, UNREAD_SECONDS: "2" });
    await query(
      database,
      `INSERT INTO trades (id, seq, model, symbol, side, qty, price, pnl, "timestamp", note, meta, created_at)
       SELECT 'large-' || n, n, 'large', 'BTC', 'buy', 1, 1, 0, '2026-01-01'::timestamptz + n * interval '1 s',
         repeat('"', 2000), json_build_object('text', repeat('y', 4000)), now() FROM generate_series(1, 3000) n`,
    );
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await app.stop();
  });

  it("are few an address, hold little memory, and are cut", async () => {
    const before = process.memoryUsage().rss;
    const answers = await Promise.all(
      Array.from({ length: READERS }, async () => {
        const socket = connect({ port: Number(new URL(app.url).port), host: "127.0.0.1" });
        sockets.push(socket);
        socket.on("error", () => {});
        socket.write("GET /api/trades?format=csv HTTP/1.1\r\nhost: x\r\n\r\n");
        await once(socket, "readable");
        return { socket, text: String(socket.read(200)) };
      }),
    );
    const refused = answers.filter(({ text }) => text.startsWith("HTTP/1.1 429 "));
    expect(refused.length).to.equal(READERS - PER_ADDRESS);
    expect((await get(`${app.url}/healthz`)).status).to.equal(200);
    // Sixty times what they asked for would be 2 GB.
    expect((process.memoryUsage().rss - before) / 1024 / 1024).to.be.lessThan(300);
    // Once they are cut, the next export finds a place and all of its rows.
    await eventually(async () => {
      const { status, body } = await get<string>(`${app.url}/api/trades?format=csv`);
      return status === 200 && body.split("\nlarge-").length - 1 === 3000;
    });
  });
});
