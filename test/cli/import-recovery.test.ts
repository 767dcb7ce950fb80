import { expect } from "chai";
import { Client } from "pg";
import { eventually } from "../support/eventually.ts";
import { get } from "../support/http.ts";
import { startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { subscribeTo } from "../support/subscriber.ts";
import { newFolder, runImport, startImport } from "./import-run.ts";

const HEADER = "id,model,symbol,side,qty,price,timestamp";
const row = (id: number) =>
  `t-${id},model-${id % 5},BTC,buy,${id + 1},100,${new Date(1.76e12 + id * 1000).toISOString()}`;

describe("import, while others are at work and things break", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => folder.remove());

  it("finishes after a kill -9 in the middle, with every trade there once", async () => {
    const DATABASE_URL = await newDatabase();
    const ROWS = 12_000;
    await runImport(["csv", await folder.write("none.csv", HEADER)], { DATABASE_URL });
    const rows = Array.from({ length: ROWS }, (_, index) => row(index));
    const file = await folder.write("trades.csv", [HEADER, ...rows].join("\n"));
    const count = async () =>
      (await query<{ count: number }>(DATABASE_URL, "SELECT count(*)::int AS count FROM trades"))[0]?.count ??
      0;

    // Someone else is about to write the id of a row in the middle: there the import has to wait, and is killed.
    const other = await holdId(DATABASE_URL, "t-6500");
    const { child, ended } = startImport(["csv", file], { DATABASE_URL });
    await eventually(async () => (await count()) === 6000);
    child.kill("SIGKILL");
    await ended;
    await other.letGo();

    const second = await runImport(["csv", file], { DATABASE_URL });
    expect(second.code, second.stderr).to.equal(0);
    expect(second.counts.new).to.be.within(1, 6000);
    expect((second.counts.new ?? 0) + (second.counts.repeated ?? 0)).to.equal(ROWS);
    const [tape] = await query<{ entries: number; ids: number; head: number }>(
      DATABASE_URL,
      `SELECT count(*)::int AS entries, count(DISTINCT data->>'id')::int AS ids,
        (SELECT seq::int FROM tape_head) AS head FROM tape`,
    );
    expect(tape).to.deep.equal({ entries: ROWS, ids: ROWS, head: ROWS });
    expect(await count()).to.equal(ROWS);
  });

  it("tries again when the database drops its connection in the middle of a batch", async () => {
    const DATABASE_URL = await newDatabase();
    await runImport(["csv", await folder.write("none.csv", HEADER)], { DATABASE_URL });
    const rows = Array.from({ length: 2500 }, (_, index) => row(index));
    const file = await folder.write("trades.csv", [HEADER, ...rows].join("\n"));
    const other = await holdId(DATABASE_URL, "t-1500");
    const { ended } = startImport(["csv", file], { DATABASE_URL });
    await eventually(async () => {
      const dropped = await query(
        DATABASE_URL,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return dropped.length > 0;
    });
    await other.letGo();
    const { code, counts, stderr } = await ended;
    expect(code, stderr).to.equal(0);
    expect(counts).to.deep.equal({ new: 2500, repeated: 0, repaired: 0, refused: 0 });
    const [tape] = await query(
      DATABASE_URL,
      "SELECT count(*)::int AS entries, max(seq)::int AS last FROM tape",
    );
    expect(tape).to.deep.equal({ entries: 2500, last: 2500 });
  });

  it("joins a server that runs on the embedded database, whose subscribers see each trade", async () => {
    const DATA_DIR = `${folder.path}/data`;
    const server = await startInstance({ DATA_DIR });
    try {
      const subscriber = subscribeTo(server.url, ["trades"]);
      await eventually(async () => subscriber.heads.length > 0);
      const file = await folder.write("trades.csv", [HEADER, row(2), row(0), row(1)].join("\n"));
      const { code, counts, stderr } = await runImport(["csv", file], { DATA_DIR });
      expect(code, stderr).to.equal(0);
      expect(counts).to.deep.equal({ new: 3, repeated: 0, repaired: 0, refused: 0 });
      await subscriber.reached(3);
      expect(subscriber.records.map(({ seq, id }) => ({ seq, id }))).to.deep.equal([
        { seq: 1, id: "t-0" },
        { seq: 2, id: "t-1" },
        { seq: 3, id: "t-2" },
      ]);
      expect((await get(`${server.url}/api/trades`)).body.count).to.equal(3);
      subscriber.close();
    } finally {
      await server.stop();
    }
  });

  it("starts the embedded database where none runs, and ends it again", async () => {
    const DATA_DIR = `${folder.path}/data`;
    const file = await folder.write("trades.csv", [HEADER, row(1)].join("\n"));
    const first = await runImport(["csv", file], { DATA_DIR });
    expect(first.code, first.stderr).to.equal(0);
    const second = await runImport(["csv", file], { DATA_DIR });
    expect(second.counts).to.deep.equal({ new: 0, repeated: 1, repaired: 0, refused: 0 });
    expect(second.stderr).to.match(/PostgreSQL \S+ runs on/);
  });

  it("takes two imports of the same file at once, and has each trade once", async () => {
    const DATABASE_URL = await newDatabase();
    const rows = Array.from({ length: 5000 }, (_, index) => row(index));
    const file = await folder.write("trades.csv", [HEADER, ...rows].join("\n"));
    const runs = await Promise.all([1, 2].map(() => runImport(["csv", file], { DATABASE_URL })));
    expect(runs.map((run) => run.code)).to.deep.equal([0, 0]);
    const sum = (name: string) => runs.reduce((total, run) => total + (run.counts[name] ?? 0), 0);
    expect({ new: sum("new"), repeated: sum("repeated") }).to.deep.equal({ new: 5000, repeated: 5000 });
    const [tape] = await query(
      DATABASE_URL,
      "SELECT count(*)::int AS entries, max(seq)::int AS last FROM tape",
    );
    expect(tape).to.deep.equal({ entries: 5000, last: 5000 });
  });
});

/** A transaction that is about to write a trade: whoever writes the same id waits until it has let go. */
async function holdId(url: string, id: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("BEGIN");
  await client.query(
    `INSERT INTO trades (id, seq, model, symbol, side, qty, price, "timestamp", created_at)
     VALUES ($1, 0, 'm', 'BTC', 'buy', 1, 1, now(), now())`,
    [id],
  );
  return {
    async letGo() {
      await client.query("ROLLBACK");
      await client.end();
    },
  };
}
