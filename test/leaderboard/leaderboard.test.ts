import { expect } from "chai";
import { io } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { type Row, readBoard, readRow } from "./read-board.ts";

describe("GET /api/leaderboard", () => {
  let app: App;
  let api: string;

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    api = `${app.url}/api`;
  });
  after(() => app.stop());

  const trade = async (fields: Record<string, unknown>) => {
    const { status, body } = await post<{ trade: { id: string; seq: number } }>(
      `${api}/trades`,
      aTrade(fields),
    );
    expect(status).to.equal(201);
    return body.trade;
  };
  const report = (body: Record<string, unknown>) => post(`${api}/portfolio`, body);

  it("is empty before anyone has traded", async () => {
    expect(await readBoard(app.url)).to.deep.include({ leaderboard: [], as_of_seq: 0 });
  });

  it("holds the contract's numbers of a model that only trades", async () => {
    const days = [
      { pnl: 1000, fee: 1, timestamp: "2026-01-01T10:00:00Z" },
      { pnl: -550, fee: 2, timestamp: "2026-01-02T10:00:00Z" },
      { pnl: -550, fee: 3, timestamp: "2026-01-02T23:59:59.999Z" },
      { pnl: 99, fee: "0.5", timestamp: "2026-01-05T00:00:00Z" },
    ];
    for (const fields of days) await trade({ model: "ledger", ...fields });
    const row = (await readRow(app.url, "ledger")) as Row;
    // Returns: 0.1, −0.1, 0, 0, 0.01; equity 11000 → 9900 → 9999.
    const returns = [0.1, -0.1, 0, 0, 0.01];
    const mean = returns.reduce((a, b) => a + b) / 5;
    const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4;
    expect(row.sharpe).to.be.closeTo((mean / Math.sqrt(variance)) * Math.sqrt(365), 1e-12);
    expect({ ...row, sharpe: 0 }).to.deep.equal({
      rank: 1,
      model: "ledger",
      equity: 9999,
      ledger_equity: 9999,
      reported_equity: null,
      divergence: null,
      return_pct: -0.01,
      realized_pnl: -1,
      fees: 6.5,
      trades: 4,
      win_rate: 50,
      max_drawdown_pct: 10,
      sharpe: 0,
      last_trade_at: "2026-01-05T00:00:00.000Z",
      stale: false,
    });
  });

  it("has the same numbers however late and in whatever order trades arrive", async () => {
    const trades = Array.from({ length: 12 }, (_, index) => ({
      pnl: ((index * 37) % 23) * 10 - 100,
      timestamp: new Date(Date.UTC(2026, 1, 1 + index)).toISOString(),
    }));
    for (const fields of trades) await trade({ model: "in order", ...fields });
    for (const fields of trades.toReversed()) await trade({ model: "backwards", ...fields });
    const { rank: _, model: __, ...expected } = (await readRow(app.url, "in order")) as Row;
    expect(await readRow(app.url, "backwards")).to.deep.include(expected);
    expect(expected.max_drawdown_pct).to.be.greaterThan(0);
  });

  it("ranks by reported equity where a portfolio was reported and shows how far it is from the ledger", async () => {
    await post(`${api}/market/prices`, { prices: [{ symbol: "RPT", price: "12.5" }] });
    await trade({ model: "claims", pnl: 100 });
    await report({
      model: "claims",
      balance: 20_000,
      positions: [{ symbol: "RPT", qty: -4, avg_price: 10 }],
    });
    const row = (await readRow(app.url, "claims")) as Row;
    // It had traded before, so the report changes nothing of what it started with; a short of 4 is 10 under water.
    expect(row).to.deep.include({
      rank: 1,
      equity: 19_990,
      reported_equity: 19_990,
      ledger_equity: 10_100,
      divergence: 9_890,
      return_pct: 99.9,
      stale: false,
    });
  });

  it("counts a position without a price as 0 and says that the row is stale", async () => {
    await report({ model: "unpriced", balance: 7, positions: [{ symbol: "NONE", qty: 3, avg_price: 1 }] });
    expect(await readRow(app.url, "unpriced")).to.include({ equity: 7, stale: true, trades: 0 });
  });

  it("shows models that have only open trades, or only a portfolio", async () => {
    const { id } = await trade({ model: "holder", status: "open", timestamp: "2026-03-01T00:00:00Z" });
    const nothing = { trades: 0, win_rate: null, sharpe: null, max_drawdown_pct: 0, realized_pnl: 0 };
    expect(await readRow(app.url, "holder")).to.deep.include({
      ...nothing,
      equity: 10_000,
      last_trade_at: "2026-03-01T00:00:00.000Z",
    });
    await report({ model: "saver", balance: 0 });
    expect(await readRow(app.url, "saver")).to.deep.include({
      ...nothing,
      equity: 0,
      return_pct: null,
      max_drawdown_pct: null,
      last_trade_at: null,
    });
    await patch(`${api}/trades/${id}`, { exit_price: 2, pnl: 5, closed_at: "2026-03-02T00:00:00Z" });
    expect(await readRow(app.url, "holder")).to.deep.include({
      trades: 1,
      equity: 10_005,
      win_rate: 100,
      last_trade_at: "2026-03-02T00:00:00.000Z",
    });
  });

  it("ranks from 1 on by return, equal ones by equity and then by name, those without a return last", async () => {
    for (const model of ["twin b", "twin a"]) await trade({ model, pnl: 3 });
    const { leaderboard } = await readBoard(app.url);
    expect(leaderboard.map(({ rank }) => rank)).to.deep.equal(leaderboard.map((_, index) => index + 1));
    const returns = leaderboard.map(({ return_pct }) => return_pct ?? Number.NEGATIVE_INFINITY);
    expect(returns).to.deep.equal([...returns].sort((a, b) => b - a));
    expect(leaderboard.at(-1)).to.include({ model: "saver", return_pct: null });
    const twins = leaderboard.filter(({ model }) => model.startsWith("twin")).map(({ model }) => model);
    expect(twins).to.deep.equal(["twin a", "twin b"]);
  });

  it("answers exact strings with decimals=string and knows no other parameter", async () => {
    await trade({ model: "exact", pnl: "12345678901234567.000000000000000001", fee: "0.1" });
    const { body } = await get<{ leaderboard: Record<string, unknown>[] }>(
      `${api}/leaderboard?decimals=string`,
    );
    const row = body.leaderboard.find(({ model }) => model === "exact");
    expect(row).to.deep.include({
      rank: 1,
      equity: "12345678901244567.000000000000000001",
      realized_pnl: "12345678901234567.000000000000000001",
      fees: "0.1",
      win_rate: "100",
      trades: 1,
    });
    for (const wrong of ["limit=0", "limit=1001", "limit=x", "cursor=3", "cursor=", "page=2"]) {
      expect((await get(`${api}/leaderboard?${wrong}`)).status, wrong).to.equal(400);
    }
  });

  it("says as of which seq it is, and shows each write to whoever asks after it", async () => {
    for (let index = 0; index < 20; index++) {
      const { seq } = await trade({ model: "busy", pnl: 1 });
      const { as_of_seq, leaderboard } = await readBoard(app.url);
      expect(as_of_seq).to.be.at.least(seq);
      expect(leaderboard.find(({ model }) => model === "busy")?.trades).to.equal(index + 1);
    }
  });

  describe("the channel leaderboard", () => {
    const channels = "leaderboard";

    it("sends its rows in rank order at once, and what changed after each change and after a price, over a socket", async () => {
      await report({ model: "live", balance: 1, positions: [{ symbol: "LIVE", qty: 2, avg_price: 5 }] });
      const socket = io(app.url, {
        transports: ["websocket"],
        forceNew: true,
        auth: { channels: [channels] },
      });
      try {
        const frames: Row[][] = [];
        socket.on("leaderboard", (rows: Row[]) => frames.push(rows));
        const first = await eventually(async () => frames[0]);
        expect(first).to.deep.equal((await readBoard(app.url)).leaderboard);
        await trade({ model: "live", pnl: 4 });
        const newest = (field: keyof Row) => frames.at(-1)?.find(({ model }) => model === "live")?.[field];
        await eventually(async () => newest("ledger_equity") === 5);
        await post(`${api}/market/prices`, { prices: [{ symbol: "LIVE", price: 6.5 }] });
        await eventually(async () => newest("equity") === 4);
        expect(newest("stale")).to.equal(false);
        expect(first.map(({ rank }) => rank)).to.deep.equal(first.map((_, index) => index + 1));
        // Nothing has changed in what was sent twice.
        const texts = frames.slice(1).map((rows) => JSON.stringify(rows));
        expect(new Set(texts).size).to.equal(texts.length);
      } finally {
        socket.disconnect();
      }
    });

    it("sends the current rows at once as a server-sent event without an id", async () => {
      const abort = new AbortController();
      const response = await fetch(`${api}/stream?channels=leaderboard`, { signal: abort.signal });
      let text = "";
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString("utf8");
        if (/event: leaderboard\ndata: .*\n\n/.test(text)) break;
      }
      abort.abort();
      const [, data = ""] = /event: leaderboard\ndata: (.*)\n/.exec(text) ?? [];
      expect(JSON.parse(data)).to.deep.equal((await readBoard(app.url)).leaderboard);
      expect(text).to.not.match(/^id:/m);
    });
  });
});
