import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

interface Row {
  rank: number;
  model: string;
  equity: number;
  ledger_equity: number;
  divergence: number | null;
  return_pct: number | null;
}
interface Reported {
  portfolio: { balance: number; last_update: string; starting_balance?: number };
  error?: string;
}

describe("what a model started with", () => {
  let databaseUrl: string;
  let app: App;

  before(async () => {
    databaseUrl = await newDatabase();
    app = await startHere({ DATABASE_URL: databaseUrl });
  });
  after(() => app.stop());

  const trade = (fields: object) => post(`${app.url}/api/trades`, aTrade({ ...fields }));
  const report = (fields: object) => post<Reported>(`${app.url}/api/portfolio`, fields);
  async function rows(): Promise<Row[]> {
    return (await get<{ leaderboard: Row[] }>(`${app.url}/api/leaderboard`)).body.leaderboard;
  }
  const rowOf = async (model: string) => (await rows()).find((row) => row.model === model);

  it("is the arena's where it traded before it reported, so that its gains count once", async () => {
    await trade({ model: "trades first", pnl: 31.2 });
    await report({ model: "trades first", balance: 10_031.2, positions: [] });
    const expected = { equity: 10_031.2, ledger_equity: 10_031.2, divergence: 0, return_pct: 0.312 };
    expect(await rowOf("trades first")).to.include(expected);
  });

  it("is what it reported before its first trade", async () => {
    await report({ model: "reports first", balance: 500 });
    await trade({ model: "reports first", pnl: 50 });
    expect(await rowOf("reports first")).to.include({ equity: 500, ledger_equity: 550, return_pct: 0 });
  });

  it("is what its first report says, which no later one can", async () => {
    await trade({ model: "says", pnl: 10 });
    const first = await report({ model: "says", balance: 210, starting_balance: 200 });
    expect(first.status).to.equal(200);
    expect(first.body.portfolio.starting_balance).to.equal(200);
    expect(await rowOf("says")).to.include({ ledger_equity: 210, divergence: 0, return_pct: 5 });
    const later = await report({ model: "says", balance: 1, starting_balance: 1 });
    expect(later.status).to.equal(409);
    expect(later.body.error).to.include("first report only");
    expect(await rowOf("says")).to.include({ equity: 210, return_pct: 5 });
  });

  it("is the same when the board is worked out anew from the tables", async () => {
    const before = await rows();
    await app.stop();
    await query(databaseUrl, "DELETE FROM scoreboard_checkpoints");
    app = await startHere({ DATABASE_URL: databaseUrl });
    expect(await rows()).to.deep.equal(before);
  });

  it("does not hide a fall that only its reports show, here and on a board worked out anew", async () => {
    for (const balance of [10_000, 4_000, 9_999]) await report({ model: "fell", balance });
    expect(await rowOf("fell")).to.include({ max_drawdown_pct: 60, ledger_equity: 10_000 });
    const { body } = await get<{ max_drawdown_pct: number }>(`${app.url}/api/models/fell/analytics`);
    expect(body.max_drawdown_pct).to.equal(60);
    // One of before the fall changes nothing of it, one of between two others may.
    const later = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    await report({ model: "fell", balance: 8_000, last_update: later(30) });
    await report({ model: "fell", balance: 40_000, last_update: later(20) });
    expect(await rowOf("fell")).to.include({ max_drawdown_pct: 80 });
    const other = await startHere({ DATABASE_URL: databaseUrl });
    try {
      const { leaderboard } = (await get<{ leaderboard: Row[] }>(`${other.url}/api/leaderboard`)).body;
      expect(leaderboard).to.deep.equal(await rows());
    } finally {
      await other.stop();
    }
  });

  it("lets nobody stand first by claiming much", async () => {
    await report({ model: "claims", balance: 1_000_000 });
    expect((await rowOf("claims"))?.return_pct).to.equal(0);
    expect((await rows())[0]?.model).to.equal("says");
  });

  it("keeps what stands where an older report comes late, which the tape and the curve have all the same", async () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
    await report({ model: "late", balance: 9_000, last_update: at(10) });
    const older = await report({ model: "late", balance: 4_000, last_update: at(5) });
    expect(older.body.portfolio).to.include({ balance: 4_000, last_update: at(5) });
    const standing = await get<{ balance: number; last_update: string }>(
      `${app.url}/api/portfolio?model=late`,
    );
    expect(standing.body).to.include({ balance: 9_000, last_update: at(10) });
    expect((await rowOf("late"))?.equity).to.equal(9_000);
    const { body } = await get<{ events: { data: { balance: number } }[] }>(
      `${app.url}/api/tape?channels=portfolios/late`,
    );
    expect(body.events.map(({ data }) => data.balance)).to.deep.equal([9_000, 4_000]);
    const curve = await get<{ points: { balance: number }[] }>(`${app.url}/api/portfolio/history?model=late`);
    expect(curve.body.points.map(({ balance }) => balance)).to.deep.equal([4_000, 9_000]);
  });
});
