import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { newTrade } from "../../src/contracts/trades.ts";
import { migrate } from "../../src/platform/postgres/migrate.ts";
import { recordTrade } from "../../src/trades/record-trade.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { type OpenBoard, openBoard } from "./open-board.ts";
import { readAnalytics } from "./read-board.ts";

describe("GET /api/models/:model/analytics", () => {
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
      aTrade({ pnl: 0, ...fields }),
    );
    expect(status).to.equal(201);
    return body.trade;
  };
  const minutesLater = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString();

  it("holds the contract's numbers over closed trades", async () => {
    const model = "a/b ü";
    const opened_at = minutesLater(0);
    await trade({
      ...{ model, side: "buy", qty: "0.1", price: 100, exit_price: 130, pnl: "2.5", fee: "0.5" },
      ...{ opened_at, closed_at: minutesLater(10), timestamp: minutesLater(10) },
    });
    await trade({
      ...{ model, side: "sell", qty: 2, price: 10, exit_price: 13, pnl: -6.5, fee: 0.5 },
      ...{ opened_at, closed_at: minutesLater(25), timestamp: minutesLater(25) },
    });
    await trade({ model, side: "sell", qty: 1, price: 40, pnl: 7.5, fee: 1.5, timestamp: minutesLater(30) });
    const open = await trade({ model, side: "buy", qty: 5, price: 10, pnl: 1000, status: "open" });
    const { status, body } = await readAnalytics(app.url, model);
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      model,
      trades: 3,
      realized_pnl: 3.5,
      // 3, then −6, then what is left when the fee of the one without an exit price is given back.
      gross_pnl: 6,
      fees: 2.5,
      win_rate: 200 / 3,
      avg_pnl: 7 / 6,
      avg_win: 5,
      avg_loss: -6.5,
      biggest_gain: 7.5,
      biggest_loss: -6.5,
      avg_notional: 70 / 3,
      median_notional: 20,
      avg_holding_minutes: 17.5,
      median_holding_minutes: 17.5,
      long_trades: 1,
      short_trades: 2,
      profit_factor: 10 / 6.5,
      sharpe: null,
      max_drawdown_pct: (6.5 / 10_002.5) * 100,
      as_of_seq: open.seq,
    });
    await patch(`${api}/trades/${open.id}`, { exit_price: 12, pnl: 9, closed_at: "2026-01-03T00:00:00Z" });
    const closed = (await readAnalytics(app.url, model)).body;
    expect(closed).to.deep.include({ trades: 4, realized_pnl: 12.5, gross_pnl: 16, median_notional: 30 });
    expect(closed.sharpe).to.be.a("number");
  });

  it("is null where there is nothing to work a number out from", async () => {
    const { seq } = await trade({ model: "opener", status: "open" });
    const { body } = await readAnalytics(app.url, "opener");
    expect(body).to.deep.equal({
      model: "opener",
      ...{ trades: 0, realized_pnl: 0, gross_pnl: 0, fees: 0, win_rate: null, avg_pnl: null, avg_win: null },
      ...{
        avg_loss: null,
        biggest_gain: null,
        biggest_loss: null,
        avg_notional: null,
        median_notional: null,
      },
      ...{ avg_holding_minutes: null, median_holding_minutes: null, long_trades: 0, short_trades: 0 },
      ...{ profit_factor: null, sharpe: null, max_drawdown_pct: 0, as_of_seq: seq },
    });
    await trade({ model: "winner", pnl: 5 });
    expect((await readAnalytics(app.url, "winner")).body).to.include({
      avg_loss: null,
      profit_factor: null,
      biggest_gain: 5,
      biggest_loss: 5,
      avg_holding_minutes: null,
    });
  });

  it("answers exact strings with decimals=string", async () => {
    await trade({ model: "exact", qty: "0.000000000000000001", price: "0.000000000000000003", pnl: "-0.1" });
    const { body } = await get(`${api}/models/exact/analytics?decimals=string`);
    expect(body).to.deep.include({
      trades: 1,
      realized_pnl: "-0.1",
      avg_notional: "0.000000000000000000000000000000000003",
      win_rate: "0",
    });
  });

  it("answers 404 for a model nobody has heard of, and 400 for what it does not know", async () => {
    expect((await readAnalytics(app.url, "nobody")).status).to.equal(404);
    expect((await readAnalytics(app.url, "__proto__")).status).to.equal(404);
    expect((await get(`${api}/models/exact/analytics?from=2026`)).status).to.equal(400);
  });
});

describe("working analytics out", () => {
  let board: OpenBoard;

  before(async () => {
    const url = await newDatabase();
    await migrate(url);
    board = await openBoard(url);
  });
  after(() => board.close());

  const trade = (model: string) => recordTrade(board, newTrade.parse(aTrade({ model, pnl: 1 })));
  const askAtOnce = (model: string) =>
    Promise.all(Array.from({ length: 100 }, () => readAnalytics(board.url, model)));
  const workedOut = () => board.leaderboard.gauges.analytics_computed_total?.read() ?? 0;

  it("is done once a model and new trade of it, however many ask, and reads no trade", async () => {
    await trade("asked");
    await trade("other");
    for (let round = 1; round <= 3; round++) {
      const answers = await askAtOnce("asked");
      expect(answers.map(({ body }) => body.trades)).to.deep.equal(answers.map(() => round));
      expect(workedOut()).to.equal(round);
      await askAtOnce("asked");
      expect(workedOut()).to.equal(round);
      // What other models do changes nothing but the seq that it is as of.
      await trade("other");
      const [first] = await askAtOnce("asked");
      expect(first?.body.as_of_seq).to.equal(round * 2 + 1);
      expect(workedOut()).to.equal(round);
      await trade("asked");
    }
    expect(board.statements.filter((name) => name.startsWith("look-up"))).to.deep.equal([]);
  });

  it("never answers with less than was committed before the question, while trades come in", async () => {
    const before = workedOut();
    let written = 0;
    const writing = (async () => {
      for (; written < 40; written++) await trade("moving");
    })();
    await trade("moving");
    const asking = Array.from({ length: 20 }, async () => {
      while (written < 40) {
        const committed = written;
        const { status, body } = await readAnalytics(board.url, "moving");
        expect([status, Number(body.trades) >= committed]).to.deep.equal([200, true]);
      }
    });
    await Promise.all([writing, ...asking]);
    expect((await readAnalytics(board.url, "moving")).body.trades).to.equal(41);
    expect(workedOut() - before).to.be.at.most(41);
  });
});
