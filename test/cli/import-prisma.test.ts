import { expect } from "chai";
import { eventually } from "../support/eventually.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { ALL_TRADES, runImport, type StoredTrade, startImport } from "./import-run.ts";
import { BCRYPT, fillPrisma } from "./legacy-stores.ts";

describe("import prisma", () => {
  let source: string;
  let DATABASE_URL: string;
  beforeEach(async () => {
    source = await newDatabase();
    DATABASE_URL = await newDatabase();
  });
  const stored = () => query<StoredTrade>(DATABASE_URL, ALL_TRADES);
  const run = (...args: string[]) => runImport(["prisma", ...args], { DATABASE_URL });

  it("takes over trades, scores, portfolios and users, exactly and once, out of a schema of its own", async () => {
    await fillPrisma(source, "old app");
    const url = `${source}?schema=old%20app`;
    const wanted = { new: 28, repeated: 0, repaired: 13, refused: 2 };
    expect((await run(url, "--dry-run")).counts).to.include(wanted);
    const first = await run(url, "--verify");
    expect(first.code, first.stderr).to.equal(2);
    expect(first.counts).to.include(wanted);
    expect(first.stdout)
      .to.include(
        'row "Trade" cl-bad: qty (quantity) must be greater than 0, not "0"; price (priceEntry) must be a number',
      )
      .and.include('row "User" u3: email must be an e-mail address')
      .and.include('1 rows of "Session": everybody signs in once more')
      .and.include("Everything that can be taken over is here.")
      .and.not.include("plain text");

    const trades = await stored();
    expect(trades[2]).to.include({ id: "cl2", qty: "0.30000000000000004", side: "buy", exit_price: null });
    expect(trades[3]).to.include({
      id: "cl3",
      price: "60003.25",
      exit_price: "60004.5",
      pnl: "-0.5",
      side: "sell",
    });
    expect(trades[3]?.timestamp).to.deep.equal(new Date("2025-10-01T00:03:00Z"));
    expect(trades.at(-1)).to.include({
      id: "cl-open",
      symbol: "ETH",
      status: "open",
      qty: "0.0000001",
      side: "buy",
    });
    expect(
      await query(DATABASE_URL, "SELECT id, email, name, role, password_hash FROM users ORDER BY id"),
    ).to.deep.equal([
      { id: "u1", email: "ada@example.org", name: "Ada", role: "admin", password_hash: BCRYPT },
      { id: "u2", email: "bob@example.org", name: null, role: "user", password_hash: null },
    ]);
    const portfolios = await query<{ model: string; positions: unknown[] }>(
      DATABASE_URL,
      "SELECT model, positions FROM portfolios ORDER BY model",
    );
    expect(portfolios.map(({ positions }) => positions.length)).to.deep.equal([1, 0, 0]);

    const second = await run(url, "--verify");
    expect(second.counts).to.include({ new: 0, repeated: 28, refused: 2 });
    const [tape] = await query(
      DATABASE_URL,
      "SELECT count(*)::int AS entries, (SELECT seq::int FROM tape_head) AS head FROM tape",
    );
    expect(tape).to.deep.equal({ entries: 26, head: 26 });
  });

  it("refuses positions that are nested too deeply, and takes the other portfolios", async () => {
    await fillPrisma(source);
    const deep = `${"[".repeat(1500)}${"]".repeat(1500)}`;
    await query(source, `UPDATE "Portfolio" SET positions = '${deep}' WHERE id = 'p1'`);
    const { counts, stdout } = await run(source);
    expect(counts).to.include({ new: 27, refused: 3 });
    expect(stdout).to.include(`row "Portfolio" p1: positions`);
  });

  it("takes an older database, without timestamp and positions and with coin for symbol", async () => {
    await fillPrisma(source);
    await query(source, 'ALTER TABLE "Trade" RENAME COLUMN symbol TO coin');
    await query(source, 'ALTER TABLE "Trade" DROP COLUMN timestamp');
    await query(
      source,
      'ALTER TABLE "Trade" ALTER COLUMN "createdAt" TYPE timestamptz USING "createdAt" AT TIME ZONE \'UTC\'',
    );
    await query(source, 'ALTER TABLE "Sentiment" RENAME COLUMN symbol TO coin');
    await query(source, 'ALTER TABLE "Portfolio" DROP COLUMN positions');
    await query(source, 'DROP TABLE "User", "Session", "Account"');
    const { counts, stderr } = await run(source, "--verify");
    expect(stderr).to.not.include("Error");
    expect(counts).to.include({ new: 26, refused: 1 });
    const trades = await stored();
    expect(trades[5]).to.include({ id: "cl5", symbol: "BTC" });
    expect(trades[5]?.timestamp).to.deep.equal(new Date("2025-10-01T00:05:00Z"));
  });

  it("needs no more than the right to read", async () => {
    await fillPrisma(source);
    const role = `reader_${new URL(source).pathname.slice(6)}`;
    await query(source, `CREATE ROLE ${role} LOGIN PASSWORD 'read'`);
    const url = new URL(source);
    url.username = role;
    url.password = "read";
    try {
      expect((await run(url.toString())).stderr).to.include("may not read its tables. Nothing was imported.");
      await query(source, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
      expect((await run(url.toString())).counts).to.include({ new: 28 });
    } finally {
      await query(source, `DROP OWNED BY ${role}`);
      await query(source, `DROP ROLE ${role}`);
    }
  });

  it("takes the newest portfolio of a model whose name was written in several ways, and compares what is here", async () => {
    await fillPrisma(source);
    await query(source, 'TRUNCATE "Portfolio", "User"');
    await query(
      source,
      `INSERT INTO "Portfolio" VALUES ('a', 'E%20f', 1, NULL, '2025-01-01'), ('b', 'E f', 2, NULL, '2025-01-02'),
        ('c', ' E f', 3, NULL, '2025-01-03'), ('d', 'G h', 5, NULL, '2025-01-02'), ('e', 'G%20h', 4, NULL, '2025-01-01')`,
    );
    await query(
      source,
      `INSERT INTO "User" (id, name, email, role) VALUES ('u1', 'Ann', 'ann@x.org', 'user'),
        ('u2', 'Ann', 'ANN@x.org', 'admin')`,
    );
    const first = await run(source, "--verify");
    expect(first.stdout)
      .to.include('row "User" u2: has an account here already')
      .and.include("portfolio 2 of 2 are here, the same");
    const balances = "SELECT model, balance::int AS balance FROM portfolios ORDER BY model";
    expect(await query(DATABASE_URL, balances)).to.deep.equal([
      { model: "E f", balance: 3 },
      { model: "G h", balance: 5 },
    ]);
    await query(DATABASE_URL, "UPDATE portfolios SET balance = 999 WHERE model = 'G h'");
    await query(DATABASE_URL, "UPDATE users SET role = 'admin'");
    const altered = await run(source, "--verify");
    expect(altered.code).to.equal(1);
    expect(altered.stdout)
      .to.include('row "Portfolio" d: is other here')
      .and.include('row "User" u1: is other here');
  });

  it("follows the source: newcomers, and the close of a trade that it took over open", async () => {
    await fillPrisma(source);
    const { child, ended } = startImport(["prisma", source, "--follow", "--every", "0.05"], { DATABASE_URL });
    await eventually(async () => (await stored().catch(() => [])).length === 21);
    await query(
      source,
      `INSERT INTO "Trade" (id, model, symbol, side, quantity, "priceEntry") VALUES ('cl-new', 'model-7', 'BTC', 'buy', 1, 2)`,
    );
    await eventually(async () => (await stored()).length === 22);
    await query(
      source,
      `UPDATE "Trade" SET status = 'closed', "priceExit" = 2600.5, "profitLoss" = 4 WHERE id = 'cl-open'`,
    );
    const closed = await eventually(async () =>
      (await stored()).find(({ id, status }) => id === "cl-open" && status === "closed"),
    );
    expect(closed).to.include({ exit_price: "2600.5", pnl: "4" });
    child.kill("SIGTERM");
    const { stdout } = await ended;
    expect(stdout).to.include("2 more while following.");
    const kinds = await query(
      DATABASE_URL,
      "SELECT kind, count(*)::int AS n FROM tape GROUP BY kind ORDER BY kind",
    );
    expect(kinds).to.deep.include({ kind: "trade_close", n: 1 });
    const again = await run(source, "--verify");
    expect(again.stdout).to.include("Everything that can be taken over is here.");
  });

  it("prints nothing of a row that a terminal would obey", async () => {
    await fillPrisma(source);
    await query(source, `UPDATE "Trade" SET id = E'red\\x1b[31m\\u009b1m\\n' WHERE id = 'cl-bad'`);
    const { stdout } = await run(source, "--dry-run");
    expect(stdout).to.include('row "Trade" red\\u001b[31m\\u009b1m\\u000a: ');
    expect(stdout).to.not.match(/(?!\n)\p{Cc}/u);
  });

  /** Follows the source until it has taken `id`, which is inserted once everything else is there. */
  async function followUntilItHas(id: string, times: Record<string, string>, known: number) {
    const { child, ended } = startImport(["prisma", source, "--follow", "--every", "0.05"], { DATABASE_URL });
    try {
      await eventually(async () => (await stored().catch(() => [])).length === known);
      const columns = Object.keys(times).map((name) => `, "${name}"`);
      const values = Object.values(times).map((time) => `, ${time}`);
      await query(
        source,
        `INSERT INTO "Trade" (id, model, symbol, side, quantity, "priceEntry"${columns.join("")})
         VALUES ('${id}', 'model-7', 'BTC', 'buy', 1, 2${values.join("")})`,
      );
      await eventually(async () => (await stored()).some((trade) => trade.id === id));
    } finally {
      child.kill("SIGTERM");
    }
    const { stderr } = await ended;
    expect(stderr).to.not.match(/cannot|not exist/);
  }

  it("follows past a row of the future", async () => {
    await fillPrisma(source);
    await query(source, `UPDATE "Trade" SET "createdAt" = '2099-01-01' WHERE id = 'cl3'`);
    await followUntilItHas("cl-new", {}, 21);
  });

  it("follows trades of long ago where nothing says when a row was made", async () => {
    await fillPrisma(source);
    await query(source, 'ALTER TABLE "Trade" DROP COLUMN "createdAt"');
    await followUntilItHas("cl-late", { timestamp: "'2025-01-01'" }, 21);
  });

  it("reads times that are text, in their order, and follows them with and without others beside", async () => {
    await fillPrisma(source);
    await query(source, 'ALTER TABLE "Trade" ALTER COLUMN timestamp TYPE text, ALTER timestamp DROP DEFAULT');
    await query(source, `UPDATE "Trade" SET timestamp = '2025-09-01T00:00:00Z' WHERE id = 'cl7'`);
    await followUntilItHas("cl-new", { timestamp: "'2025-01-01T00:00:00Z'" }, 21);
    expect(
      (await query(DATABASE_URL, "SELECT data->>'id' AS id FROM tape ORDER BY seq LIMIT 1"))[0],
    ).to.include({
      id: "cl7",
    });
    await query(source, 'ALTER TABLE "Trade" DROP COLUMN "createdAt"');
    await followUntilItHas("cl-late", { timestamp: "'2024-01-01T00:00:00Z'" }, 22);
  });
});
