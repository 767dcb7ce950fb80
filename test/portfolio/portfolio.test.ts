import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

interface Portfolio {
  model: string;
  seq: number;
  balance: number | string;
  positions: Record<string, unknown>[];
  last_update: string;
  equity?: number | string;
  unrealized_pnl?: number | string;
  priced_at?: string | null;
  stale?: boolean;
}

describe("portfolios", () => {
  let app: App;
  let api: string;
  let database: string;

  before(async () => {
    database = await newDatabase();
    app = await startHere({ DATABASE_URL: database });
    api = `${app.url}/api`;
  });
  after(() => app.stop());

  const report = async (body: unknown, headers?: Record<string, string>) => {
    const answer = await post<{ portfolio: Portfolio; success: boolean }>(`${api}/portfolio`, body, headers);
    return { status: answer.status, portfolio: answer.body.portfolio, body: answer.body };
  };
  const read = async (model: string, query = "") =>
    (await get<Portfolio>(`${api}/portfolio?model=${encodeURIComponent(model)}${query}`)).body;

  it("begins with a balance of 10000 where none is reported", async () => {
    const { status, portfolio } = await report({ model: "fresh" });
    expect(status).to.equal(200);
    expect(portfolio).to.deep.include({ model: "fresh", balance: 10_000, positions: [] });
  });

  it("leaves what is not reported as it was", async () => {
    await report({
      model: "partial",
      balance: 9000,
      positions: [{ symbol: "btc", qty: 0.5, avg_price: 60_000 }],
    });
    const { portfolio } = await report({ model: "partial", balance: "9500.25" });
    expect(portfolio.positions).to.deep.equal([{ symbol: "BTC", qty: 0.5, avg_price: 60_000, pnl: null }]);
    expect(portfolio.balance).to.equal(9500.25);
    expect((await report({ model: "partial", positions: [] })).portfolio).to.deep.include({
      balance: 9500.25,
      positions: [],
    });
  });

  it("values positions, short ones too, with live prices, exactly", async () => {
    await post(`${api}/market/prices`, {
      prices: [
        { symbol: "PX1", price: "0.3" },
        { symbol: "PX2", price: 100 },
      ],
    });
    await report({
      model: "valued",
      balance: "1000.1",
      positions: [
        { symbol: "PX1", qty: "3", avg_price: "0.1" },
        { symbol: "PX2", qty: -2, avg_price: 90 },
      ],
    });
    const portfolio = await read("valued", "&decimals=string");
    expect(portfolio).to.include({
      balance: "1000.1",
      unrealized_pnl: "-19.4",
      equity: "980.7",
      stale: false,
    });
    expect(Date.parse(portfolio.priced_at as string)).to.be.closeTo(Date.now(), 10_000);
  });

  it("counts a position without a price as 0 and says that the valuation is stale", async () => {
    await report({
      model: "unpriced",
      balance: 10,
      positions: [{ symbol: "NOPRICE", qty: 5, avg_price: 1 }],
    });
    expect(await read("unpriced")).to.include({
      equity: 10,
      unrealized_pnl: 0,
      priced_at: null,
      stale: true,
    });
  });

  it("says that a valuation with an old price is stale", async () => {
    const timestamp = new Date(Date.now() - 120_000).toISOString();
    await post(`${api}/market/prices`, { prices: [{ symbol: "OLD", price: 2, timestamp }] });
    await report({ model: "old", balance: 10, positions: [{ symbol: "OLD", qty: 1, avg_price: 1 }] });
    expect(await read("old")).to.include({ equity: 11, stale: true, priced_at: timestamp });
  });

  it("lists all portfolios and answers 404 for a model that reported none", async () => {
    const { body } = await get<{ portfolios: Portfolio[]; count: number }>(`${api}/portfolio`);
    expect(body.count).to.equal(body.portfolios.length);
    expect(body.portfolios.map(({ model }) => model)).to.include.members(["fresh", "partial", "valued"]);
    expect((await get(`${api}/portfolio?model=nobody`)).status).to.equal(404);
  });

  it("answers the first report when its Idempotency-Key comes again", async () => {
    const headers = { "idempotency-key": "p-1" };
    const first = await report({ model: "keyed", balance: 5 }, headers);
    await report({ model: "keyed", balance: 6 });
    const again = await report({ model: "keyed", balance: "5.0" }, headers);
    expect([again.status, again.portfolio]).to.deep.equal([200, first.portfolio]);
    expect((await report({ model: "keyed", balance: 7 }, headers)).status).to.equal(409);
    expect((await read("keyed")).balance).to.equal(6);
  });

  it("keeps every report of one model when many arrive at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, balance) => report({ model: "busy", balance: balance + 1 })),
    );
    const seqs = answers.map(({ portfolio }) => portfolio.seq);
    expect(new Set(seqs).size).to.equal(40);
    const newest = answers.find(({ portfolio }) => portfolio.seq === Math.max(...seqs));
    expect((await read("busy")).balance).to.equal(newest?.portfolio.balance);
    const [{ entries } = { entries: 0 }] = await query<{ entries: number }>(
      database,
      "SELECT count(*)::int AS entries FROM tape WHERE kind = 'portfolio' AND model = 'busy'",
    );
    expect(entries).to.equal(40);
  });

  it("merges fields that two instances report at once", async () => {
    const other = await startHere({ DATABASE_URL: database });
    try {
      await report({ model: "shared", balance: 1, positions: [] });
      const position = (qty: number) => [{ symbol: "BTC", qty, avg_price: 1 }];
      await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          index % 2 === 0
            ? report({ model: "shared", balance: index })
            : post(`${other.url}/api/portfolio`, { model: "shared", positions: position(index) }),
        ),
      );
      const { body } = await get<{ events: { data: Portfolio }[] }>(
        `${api}/tape?channels=portfolios/shared&limit=100`,
      );
      // Each entry differs from the one before it in one field only: nobody wrote over what the other just wrote.
      body.events.slice(1).forEach(({ data }, index) => {
        const before = body.events[index]?.data as Portfolio;
        const changed = [
          data.balance !== before.balance,
          data.positions[0]?.qty !== before.positions[0]?.qty,
        ];
        expect(changed).to.not.deep.equal([true, true]);
      });
      expect(body.events).to.have.length(31);
    } finally {
      await other.stop();
    }
  });

  it("draws an equity curve of the reports, thinned to the points asked for, the newest kept", async () => {
    for (let day = 1; day <= 9; day++) {
      await report({ model: "curve", balance: day * 100, last_update: `2026-01-0${day}T00:00:00Z` });
    }
    interface History {
      points: { t: string; balance: number; equity: number }[];
      count: number;
    }
    const all = (await get<History>(`${api}/portfolio/history?model=curve`)).body;
    expect(all.points.map(({ equity }) => equity)).to.deep.equal([
      100, 200, 300, 400, 500, 600, 700, 800, 900,
    ]);
    const few = (await get<History>(`${api}/portfolio/history?model=curve&points=3`)).body;
    expect(few.points.map(({ equity }) => equity)).to.deep.equal([300, 600, 900]);
    const some = (
      await get<History>(
        `${api}/portfolio/history?model=curve&from=2026-01-03T00:00:00Z&to=2026-01-04T00:00:00Z`,
      )
    ).body;
    expect(some.count).to.equal(2);
  });

  it("draws the ledger's curve for a model that only trades", async () => {
    for (const [index, pnl] of [10, -4, 1.5].entries()) {
      await post(
        `${api}/trades`,
        aTrade({ model: "trader", pnl, timestamp: `2026-02-0${index + 1}T00:00:00Z` }),
      );
    }
    const { body } = await get<{ points: { equity: number }[] }>(`${api}/portfolio/history?model=trader`);
    expect(body.points.map(({ equity }) => equity)).to.deep.equal([10_010, 10_006, 10_007.5]);
    expect((await get(`${api}/portfolio/history?model=nobody`)).status).to.equal(404);
  });

  it("draws both kinds of curves in time order, however late their points arrive, reports ties by seq, trades by id", async () => {
    const days = ["2026-03-03", "2026-03-01", "2026-03-02", "2026-03-02"];
    for (const [index, day] of days.entries()) {
      const last_update = `${day}T00:00:00Z`;
      await report({ model: "late reports", balance: index + 1, positions: [], last_update });
      // Ids that do not follow the order of arrival.
      const trade = { id: `late-${9 - index}`, model: "late trades", pnl: `${10 ** index}.50` };
      await post(`${api}/trades`, aTrade({ ...trade, timestamp: last_update }));
    }
    const curve = async (model: string) => {
      const query = `model=${encodeURIComponent(model)}&decimals=string`;
      const { body } = await get<{ points: { t: string; equity: string }[] }>(
        `${api}/portfolio/history?${query}`,
      );
      return body.points.map(({ t, equity }) => `${t.slice(8, 10)} ${equity}`);
    };
    expect(await curve("late reports")).to.deep.equal(["01 2", "02 3", "02 4", "03 1"]);
    expect(await curve("late trades")).to.deep.equal(["01 10010.5", "02 11011", "02 11111.5", "03 11113"]);
  });

  it("refuses reports that are not as they must be and changes nothing", async () => {
    const before = await read("fresh");
    const bad: unknown[] = [
      { balance: 1 },
      { model: "fresh", balance: -1 },
      { model: "fresh", balance: "1e5" },
      { model: "fresh", positions: {} },
      { model: "fresh", positions: [{ symbol: "BTC", qty: "x", avg_price: 1 }] },
      { model: "fresh", positions: [{ symbol: "BTC", qty: 1, avg_price: 0 }] },
      { model: "fresh", positions: [{ symbol: "BTC", qty: 1, avg_price: 1, colour: 1 }] },
      { model: "fresh", colour: "red" },
    ];
    for (const body of bad) expect([body, (await report(body)).status]).to.deep.equal([body, 400]);
    const { body } = await post<{ details: { path: string }[] }>(`${api}/portfolio`, bad[4]);
    expect(body.details[0]?.path).to.equal("positions.0.qty");
    expect((await read("fresh")).seq).to.equal(before.seq);
  });
});
