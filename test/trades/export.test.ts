import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import { parse } from "csv-parse/sync";
import type { App } from "../../src/app.ts";
import { newFolder, runImport } from "../cli/import-run.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

const MANY = 60_000;

// What a spreadsheet would run, what only looks like it, and what CSV has to quote.
const NOTES = [
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\tx",
  "\r=x",
  "'=1+1",
  "''=1+1",
  "'",
  "'quoted'",
  "",
  '="a,b"',
  "plain",
  "a=b",
  '"=1"',
  " =1",
  "-\n-",
];

describe("the CSV export", () => {
  let app: App;
  let database: string;
  before(async () => {
    database = await newDatabase();
    app = await startHere({ DATABASE_URL: database, DATABASE_POOL_SIZE: "2" });
    await query(
      database,
      `INSERT INTO trades (id, seq, model, symbol, side, qty, price, pnl, "timestamp", note, created_at)
       SELECT 'many-' || n, n, 'many', 'BTC', 'buy', 0.1, 64250.5, -1.50, '2026-01-01'::timestamptz + n / 3 * interval '1 ms',
         repeat('x', 200), now() FROM generate_series(1, ${MANY}) n`,
    );
  });
  after(() => app.stop());

  const exported = async (filter: string) =>
    parse(await (await fetch(`${app.url}/api/trades?format=csv&${filter}`)).text()) as string[][];

  it("holds every row once, newest first, ties by id, over many pages", async () => {
    const [header = [], ...rows] = await exported("model=many");
    expect(header.slice(0, 3)).to.deep.equal(["id", "seq", "model"]);
    const expected = await query<{ id: string }>(
      database,
      `SELECT id FROM trades WHERE model = 'many' ORDER BY "timestamp" DESC, id DESC`,
    );
    expect(rows.map(([id]) => id)).to.deep.equal(expected.map(({ id }) => id));
    expect(rows[0]?.slice(4, 11)).to.deep.equal([
      "buy",
      "0.1",
      "64250.5",
      "-1.50",
      "closed",
      "2026-01-01T00:00:20.000Z",
      "",
    ]);
  });

  it("puts a ' in front of what a spreadsheet would run, and the import takes it off again", async () => {
    const trades = NOTES.map((note, index) => {
      const name = `${note.replace(/[\t\r\n]|^ |^$/g, "=")} ${index}`;
      return aTrade({ id: name, model: name, note, meta: { note }, timestamp: "2026-01-05T11:00:00Z" });
    });
    expect((await post(`${app.url}/api/trades/bulk`, { trades })).status).to.equal(201);
    const filter = "from=2026-01-05T11:00:00Z&to=2026-01-05T11:00:00Z";
    const text = await (await fetch(`${app.url}/api/trades?format=csv&${filter}`)).text();
    for (const row of parse(text) as string[][]) {
      for (const cell of [row[0], row[2], row[15]]) expect(cell).to.not.match(/^[=+\-@\t\r]/);
    }
    const folder = await newFolder();
    const target = await newDatabase();
    const outcome = await runImport(["csv", await folder.write("trades.csv", text)], {
      DATABASE_URL: target,
    });
    await folder.remove();
    expect(outcome.counts).to.deep.include({ new: trades.length, refused: 0 });
    const stored = await query<{ id: string }>(
      target,
      `SELECT id, model, note, meta FROM trades ORDER BY id COLLATE "C"`,
    );
    const sent = trades.map(({ id, model, note, meta }) => ({ id, model, note, meta }));
    const byId = (a: { id?: unknown }, b: { id?: unknown }) => (String(a.id) < String(b.id) ? -1 : 1);
    expect(stored.sort(byId)).to.deep.equal(sent.sort(byId));
  });

  it("adds no listener per page, and readers that take nothing hold neither connections nor pages", async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on("warning", warned);
    const readers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const socket = connect(Number(new URL(app.url).port), "127.0.0.1");
        socket.write(
          "GET /api/trades?format=csv&model=many HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        );
        await once(socket, "readable");
        return socket;
      }),
    );
    // The pool has two connections: were one of the readers to hold one, these would wait for it.
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => get(`${app.url}/api/trades?model=many&limit=1`)),
    );
    expect(answers.map(({ status }) => status)).to.deep.equal(Array.from({ length: 20 }, () => 200));
    const counts = await Promise.all(
      readers.slice(0, 4).map(async (socket) => {
        const chunks: Buffer[] = [];
        for await (const chunk of socket) chunks.push(chunk as Buffer);
        const lines = Buffer.concat(chunks).toString("latin1").split("\nmany-").length - 1;
        return lines;
      }),
    );
    expect(counts).to.deep.equal([MANY, MANY, MANY, MANY]);
    for (const socket of readers.slice(4)) socket.destroy();
    // Those that left in the middle are through as well: the service reads nothing more for them.
    await eventually(async () => {
      const [busy] = await query<{ n: number }>(
        database,
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()`,
      );
      return busy?.n === 0;
    });
    process.off("warning", warned);
    expect(warnings).to.deep.equal([]);
  });
});
