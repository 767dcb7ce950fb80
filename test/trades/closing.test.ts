import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

interface Answer {
  trade: Record<string, unknown>;
  trades: Record<string, unknown>[];
  details: { path: string; message: string }[];
}

describe("what a trade's close says", () => {
  let app: App;
  let api: string;
  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    api = `${app.url}/api`;
  });
  after(() => app.stop());
  const head = async () => (await get<{ head: number }>(`${api}/tape?limit=1`)).body.head;
  const open = (id: string, fields = {}) =>
    post<Answer>(`${api}/trades`, aTrade({ id, status: "open", pnl: 0, ...fields }));
  const close = (id: string, fields: Record<string, unknown>) =>
    patch<Answer>(`${api}/trades/${id}?decimals=string`, fields);

  it("answers a close that comes again with 200 and the trade, and writes nothing", async () => {
    await open("again");
    const first = await close("again", { exit_price: 66_000, pnl: 500, closed_at: "2026-01-05T12:00:00Z" });
    const before = await head();
    for (const same of [
      { exit_price: "66000.0", pnl: "500.00", closed_at: "2026-01-05T13:00:00+01:00", status: "closed" },
      { exit_price: 66_000 },
    ]) {
      const again = await close("again", same);
      expect(again.status).to.equal(200);
      expect(again.body.trade).to.deep.equal(first.body.trade);
    }
    for (const other of [
      { exit_price: 66_001 },
      { exit_price: 66_000, pnl: 501 },
      { exit_price: 66_000, fee: 1 },
      { exit_price: 66_000, closed_at: "2026-01-05T12:00:01Z" },
    ]) {
      expect((await close("again", other)).status).to.equal(409);
    }
    expect(await head()).to.equal(before);
  });

  it("closes once what many close alike at once, and answers all of them 200", async () => {
    await open("alike");
    const before = await head();
    const closes = await Promise.all(
      Array.from({ length: 20 }, () => close("alike", { exit_price: 64_000, fee: 1 })),
    );
    expect(closes.map(({ status }) => status)).to.deep.equal(Array(20).fill(200));
    expect(new Set(closes.map(({ body }) => JSON.stringify(body.trade)))).to.have.length(1);
    expect(await head()).to.equal(before + 1);
  });

  it("works out the pnl that is not sent, exactly: gross less the fee", async () => {
    const cases = [
      [{ side: "buy", qty: "0.3", price: "0.1", exit_price: "0.2", fee: "0.01" }, "0.02"],
      [{ side: "sell", qty: "0.3", price: "0.1", exit_price: "0.2", fee: "0.01" }, "-0.04"],
      [{ side: "sell", qty: 2, price: 10, exit_price: 9 }, "2"],
      [{ side: "buy", qty: 2, price: 10, exit_price: 11, fee: "-0.5" }, "2.5"],
      [{ side: "buy", qty: "0.000000000000000001", price: 1, exit_price: "1.5" }, "0.000000000000000001"],
      [{ side: "buy", qty: 1, price: 1, fee: 3 }, "0"],
      [{ side: "buy", qty: 2, price: 10, exit_price: 11, pnl: 0 }, "0"],
    ] as const;
    const trades = cases.map(([fields]) => ({ model: "earner", symbol: "BTC", ...fields }));
    const bulk = await post<Answer>(`${api}/trades/bulk?decimals=string`, { trades });
    expect(bulk.body.trades.map(({ pnl }) => pnl)).to.deep.equal(cases.map(([, pnl]) => pnl));
    for (const [n, [, pnl]] of cases.entries()) {
      const single = await post<Answer>(`${api}/trades?decimals=string`, trades[n]);
      expect(single.body.trade.pnl).to.equal(pnl);
    }
  });

  it("works it out of a close with the trade's own price, quantity, side and fee", async () => {
    await open("own-fee", { side: "sell", qty: "0.3", price: "0.2", fee: "0.01", pnl: 77 });
    expect((await close("own-fee", { exit_price: "0.1" })).body.trade).to.include({
      pnl: "0.02",
      fee: "0.01",
    });
    await open("new-fee", { qty: 2, price: 10 });
    expect((await close("new-fee", { exit_price: 12, fee: 1 })).body.trade).to.include({
      pnl: "3",
      fee: "1",
    });
  });

  it("refuses a pnl that no number of the contract can hold", async () => {
    const trade = aTrade({ pnl: undefined, qty: 1e15, price: 1, exit_price: 1e15 });
    const { status, body } = await post<Answer>(`${api}/trades`, trade);
    expect([status, body.details[0]?.path]).to.deep.equal([400, "pnl"]);
    await open("too-large", { qty: 1e15, price: 1 });
    expect((await close("too-large", { exit_price: 1e15 })).status).to.equal(400);
    expect((await close("too-large", { exit_price: 1e15, pnl: 1 })).status).to.equal(200);
  });

  it("refuses a trade that closed before it opened", async () => {
    const times = { opened_at: "2026-01-05T12:00:00Z", closed_at: "2026-01-05T12:30:00+01:00" };
    const { status, body } = await post<Answer>(`${api}/trades`, aTrade(times));
    expect([status, body.details]).to.deep.equal([
      400,
      [{ path: "closed_at", message: "must not be before opened_at, 2026-01-05T12:00:00.000Z" }],
    ]);
    const bulk = await post<Answer>(`${api}/trades/bulk`, { trades: [aTrade(), aTrade(times)] });
    expect([bulk.status, bulk.body.details[0]?.path]).to.deep.equal([400, "trades.1.closed_at"]);
    const same = { opened_at: times.opened_at, closed_at: times.opened_at };
    expect((await post(`${api}/trades`, aTrade(same))).status).to.equal(201);
  });

  it("refuses a close before the trade's opening, be its time sent or now", async () => {
    await open("early", { opened_at: "2026-01-05T12:00:00Z" });
    const early = await close("early", { exit_price: 1, closed_at: "2026-01-05T11:59:59Z" });
    expect([early.status, early.body.details[0]?.path]).to.deep.equal([400, "closed_at"]);
    expect((await close("early", { exit_price: 1, closed_at: "2026-01-05T12:00:00Z" })).status).to.equal(200);
    await open("future", { opened_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await close("future", { exit_price: 1 })).status).to.equal(400);
  });
});
