import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

interface Bulk {
  trades: { id: string; model: string }[];
  count: number;
  repeated: number;
  code: string;
  error: string;
}

describe("the Idempotency-Key of a bulk request", () => {
  let app: App;
  let other: App;
  let database: string;
  before(async () => {
    database = await newDatabase();
    app = await startHere({ DATABASE_URL: database });
    other = await startHere({ DATABASE_URL: database });
  });
  after(async () => {
    await app.stop();
    await other.stop();
  });

  const send = (key: string, trades: unknown[], at = app) =>
    post<Bulk>(`${at.url}/api/trades/bulk`, { trades }, { "idempotency-key": key });
  const stored = async (model: string) =>
    (
      await query<{ count: number }>(database, "SELECT count(*)::int FROM trades WHERE model = $1", [model])
    )[0]?.count;
  /** A request over two models, named after the test. */
  const two = (name: string) => [
    aTrade({ model: `${name} a`, pnl: 1 }),
    aTrade({ model: `${name} b`, pnl: 2 }),
    aTrade({ model: `${name} a`, pnl: 3 }),
  ];

  it("answers the same request again with the same trades, on every instance, in any spelling of its values", async () => {
    const first = await send("same", two("same"));
    expect(first.status).to.equal(201);
    const spelled = two("same").map((trade) => ({ ...trade, pnl: `${trade.pnl}.00`, symbol: "btc" }));
    for (const at of [app, other]) {
      const again = await send("same", spelled, at);
      expect(again.status).to.equal(200);
      expect(again.body).to.include({ count: 3, repeated: 3 });
      expect(again.body.trades).to.deep.equal(first.body.trades);
    }
    expect(await stored("same a")).to.equal(2);
  });

  it("refuses another order, another list, more, fewer and other values with 409, and writes nothing", async () => {
    const trades = two("other");
    const [a, b, c] = trades;
    expect((await send("other", trades)).status).to.equal(201);
    const lists = [
      [b, a, c],
      [c, b, a],
      [a, b],
      [b],
      [a, c],
      [...trades, a],
      [a, aTrade({ model: "other c" }), c],
    ];
    for (const list of [...lists, [a, b, { ...c, pnl: 4 }]]) {
      const { status, body } = await send("other", list);
      expect([status, body.code]).to.deep.equal([409, "conflict"]);
    }
    expect([await stored("other a"), await stored("other b"), await stored("other c")]).to.deep.equal([
      2, 1, 0,
    ]);
  });

  it("holds for rows that have an id of their own, be they there before or not", async () => {
    const known = aTrade({ id: "bulk-keys-known", model: "mixed a" });
    expect((await post(`${app.url}/api/trades`, known)).status).to.equal(201);
    const trades = [known, aTrade({ id: "bulk-keys-new", model: "mixed b" }), aTrade({ model: "mixed c" })];
    const first = await send("mixed", trades);
    expect(first.body).to.include({ count: 3, repeated: 1 });
    const again = await send("mixed", trades);
    expect(again.status).to.equal(200);
    expect(again.body.trades).to.deep.equal(first.body.trades);
    for (const list of [[...trades].reverse(), [known], [trades[1]], [aTrade({ model: "mixed a" })]]) {
      expect((await send("mixed", list)).status).to.equal(409);
    }
    expect(await stored("mixed a")).to.equal(1);
  });

  it("is kept although all rows were there before and nothing was written", async () => {
    const known = aTrade({ id: "bulk-keys-all-known", model: "known" });
    await post(`${app.url}/api/trades`, known);
    expect((await send("known", [known])).status).to.equal(200);
    expect((await send("known", [aTrade({ model: "known", pnl: 7 })])).status).to.equal(409);
    expect((await send("known", [known])).status).to.equal(200);
    expect(await stored("known")).to.equal(1);
  });

  it("writes once what many send at the same time through two instances", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send("at once", two("at once"), n % 2 === 0 ? app : other)),
    );
    expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(19);
    expect(new Set(answers.map(({ body }) => body.trades.map(({ id }) => id).join()))).to.have.length(1);
    expect([await stored("at once a"), await stored("at once b")]).to.deep.equal([2, 1]);
  });

  it("knows the request again after one of its trades was closed", async () => {
    const trades = [aTrade({ model: "closing", status: "open", pnl: 0 }), aTrade({ model: "closing 2" })];
    const first = await send("closing", trades);
    const id = first.body.trades[0]?.id ?? "";
    await patch(`${app.url}/api/trades/${id}`, { exit_price: 70_000, pnl: 9 });
    const again = await send("closing", trades);
    expect(again.status).to.equal(200);
    expect(again.body.trades[0]).to.include({ id, status: "closed", pnl: 9 });
  });

  it("is another one for other models, and for single trades", async () => {
    expect((await send("apart", [aTrade({ model: "apart a" })])).status).to.equal(201);
    expect((await send("apart", [aTrade({ model: "apart b" })])).status).to.equal(201);
    const single = await post(`${app.url}/api/trades`, aTrade({ model: "apart a", pnl: 5 }), {
      "idempotency-key": "apart",
    });
    expect(single.status).to.equal(201);
    const { body } = await get<{ count: number }>(`${app.url}/api/trades?model=apart%20a`);
    expect(body.count).to.equal(2);
  });
});
