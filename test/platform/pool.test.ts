import { expect } from "chai";
import { Client } from "pg";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

describe("a pool of two connections", () => {
  let url: string;
  let app: App;

  before(async () => {
    url = await newDatabase();
    app = await startHere({ DATABASE_URL: url, DATABASE_POOL_SIZE: "2" });
  });
  after(() => app.stop());

  it("answers a write while reads that take long hold what they may", async () => {
    await post(`${app.url}/api/sentiment`, { text: "up", symbol: "BTC" });
    // Reads of sentiments wait for this lock; writes of trades do not need it.
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query("BEGIN; LOCK TABLE sentiments");
    const reads = Array.from({ length: 5 }, () => get(`${app.url}/api/sentiment?symbol=BTC`));
    try {
      await eventually(
        async () =>
          (await query(url, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'sentiments'::regclass"))
            .length > 0,
      );
      for (let count = 0; count < 3; count++) {
        expect((await post(`${app.url}/api/trades`, aTrade())).status).to.equal(201);
      }
    } finally {
      await other.query("ROLLBACK");
      await other.end();
    }
    expect((await Promise.all(reads)).map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200]);
  });

  it("tells by its readiness, and by 503, that a migration was undone under it", async () => {
    await query(url, "ALTER TABLE trades RENAME TO trades_gone");
    await query(url, "DELETE FROM \"SequelizeMeta\" WHERE name LIKE '%create-trades.js'");
    const ready = await eventually(async () => {
      const answer = await get<{ checks: Record<string, string> }>(`${app.url}/readyz`);
      return answer.status === 503 && answer;
    });
    expect(ready.body.checks).to.include({ postgres: "up", migrations: "down" });
    const refused = await get<{ error: string; code: string }>(`${app.url}/api/trades`);
    expect(refused).to.include({ status: 503 });
    expect(refused.body.error).to.include("npm run db:migrate");
  });
});
