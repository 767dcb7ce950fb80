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
    const other = new Client({ connectionString: DATABASE_URL });
    await other.connect();
    await other.query("BEGIN");
    await other.query(
      `INSERT INTO trades (id, seq, model, symbol, side, qty, price, "timestamp", created_at)
       VALUES ('t-6500', 0, 'm', 'BTC', 'buy', 1, 1, now(), now())`,
    );
    const { child, ended } = startImport(["csv", file], { DATABASE_URL });
    await eventually(async () => (await count()) === 6000);
    child.kill("SIGKILL");
    await ended;
    await other.query("ROLLBACK");
    await other.end();

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
