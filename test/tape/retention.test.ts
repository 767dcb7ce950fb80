import { expect } from "chai";
import { type Database, openDatabase, type Statement } from "../../src/platform/postgres/database.ts";
import { migrate } from "../../src/platform/postgres/migrate.ts";
import { forgetKeys, trimTape } from "../../src/tape/retention.ts";
import { newDatabase, query } from "../support/postgres.ts";

const ENTRIES = 60_000;
const OLD = 23_456;

describe("what is kept of the tape", () => {
  let url: string;
  let database: Database;

  beforeEach(async () => {
    url = await newDatabase();
    await migrate(url);
    database = openDatabase({ url, poolSize: 4, models: [] });
    await query(
      url,
      `INSERT INTO tape (seq, kind, model, symbol, at, data)
       SELECT n, 'trade', 'm', 'BTC', CASE WHEN n <= ${OLD} THEN now() - interval '3 days' ELSE now() END, '{"id":"x"}'
       FROM generate_series(1, ${ENTRIES}) AS n`,
    );
    await query(url, `UPDATE tape_head SET seq = ${ENTRIES}, trades_seq = ${ENTRIES}`);
    await query(url, "ANALYZE tape");
  });
  afterEach(() => database.close());

  const oldest = async () =>
    Number((await query<{ oldest: string }>(url, "SELECT oldest FROM tape_head"))[0]?.oldest);
  const kept = async () =>
    (
      await query<{ low: number; count: number }>(
        url,
        "SELECT min(seq)::int AS low, count(*)::int AS count FROM tape",
      )
    )[0];

  it("is what is younger, and the head says from where on", async () => {
    expect(await trimTape(database, 2)).to.equal(OLD);
    expect(await oldest()).to.equal(OLD + 1);
    expect(await kept()).to.deep.equal({ low: OLD + 1, count: ENTRIES - OLD });
    expect(await trimTape(database, 2)).to.equal(0);
  });

  it("is a run up to the head, whatever a clock that jumped wrote in between, and at least the newest entry", async () => {
    await query(url, "UPDATE tape SET at = now() - interval '9 days' WHERE seq BETWEEN 40000 AND 50000");
    await query(url, "UPDATE tape SET at = now() WHERE seq = 100");
    expect(await trimTape(database, 2)).to.equal(99);
    expect(await oldest()).to.equal(100);
    await query(url, "UPDATE tape SET at = now() - interval '9 days'");
    await trimTape(database, 2);
    expect(await kept()).to.deep.equal({ low: ENTRIES, count: 1 });
  });

  it("never becomes more again, also where two instances trim at once", async () => {
    const seen: number[] = [];
    const watched: Database = {
      ...database,
      async run<Row>(statement: Statement, values: unknown[]) {
        const rows = await database.run<Row>(statement, values);
        seen.push(await oldest());
        return rows;
      },
    };
    // The one looks a day further back than the other.
    const [one, other] = await Promise.all([trimTape(watched, 2), trimTape(database, 1)]);
    expect(one + other).to.equal(OLD);
    expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
    expect(await oldest()).to.equal(OLD + 1);
  });

  it("is worked out from one chunk at a time, not from the whole tape", async () => {
    const read: number[] = [];
    const explained: Database = {
      ...database,
      async run<Row>(statement: Statement, values: unknown[]) {
        if (statement.name === "tape-retention-find") {
          const literal = statement.text.replaceAll("$1", `'${String(values[0])}'`);
          const [row] = await query<{ "QUERY PLAN": unknown }>(
            url,
            `EXPLAIN (ANALYZE, FORMAT JSON) ${literal}`,
          );
          read.push(rowsRead(row?.["QUERY PLAN"]));
        }
        return await database.run<Row>(statement, values);
      },
    };
    await trimTape(explained, 2);
    expect(read.length).to.be.greaterThan(3);
    expect(Math.max(...read)).to.be.below(10_100);
  });

  it("goes on where an instance died between saying and taking off", async () => {
    await query(url, "UPDATE tape_head SET oldest = 5001");
    expect(await trimTape(database, 2)).to.equal(OLD);
    expect((await kept())?.low).to.equal(OLD + 1);
  });

  it("forgets Idempotency-Keys once no retry is to be expected, and no younger ones", async () => {
    await query(
      url,
      `INSERT INTO idempotency_keys (kind, scope, key, seq, created_at)
       SELECT 'trade', 'm', n::text, n, now() - n * interval '1 day' FROM generate_series(0, 59) AS n`,
    );
    expect(await forgetKeys(database, 30)).to.equal(30);
    const left = await query<{ key: string }>(url, "SELECT key FROM idempotency_keys ORDER BY seq");
    expect(left.map(({ key }) => Number(key))).to.deep.equal(Array.from({ length: 30 }, (_, n) => n));
  });
});

/** All rows that any node of a plan has looked at. */
function rowsRead(plan: unknown): number {
  if (Array.isArray(plan)) return plan.reduce((sum: number, part) => sum + rowsRead(part), 0);
  if (typeof plan !== "object" || plan === null) return 0;
  const node = plan as Record<string, unknown>;
  const isScan = String(node["Node Type"] ?? "").includes("Scan") && node["Relation Name"] === "tape";
  const own = isScan
    ? (Number(node["Actual Rows"]) + Number(node["Rows Removed by Filter"] ?? 0)) *
      Number(node["Actual Loops"])
    : 0;
  return Object.values(node).reduce((sum: number, part) => sum + rowsRead(part), own);
}
