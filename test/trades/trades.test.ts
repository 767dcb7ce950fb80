import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { aTrade, get, patch, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

type Trade = Record<string, unknown> & { id: string; seq: number };
interface Page {
  trades: Trade[];
  count: number;
  next_cursor: string | null;
}

let app: App;
let database: string;
let api: string;

before(async () => {
  database = await newDatabase();
  app = await startHere({ DATABASE_URL: database });
  api = `${app.url}/api`;
});
after(() => app.stop());

const tapeHead = async () => (await get<{ head: number }>(`${api}/tape?limit=1`)).body.head;

describe("POST /api/trades", () => {
  it("answers 201 with the stored trade, defaults filled in", async () => {
    const { status, body } = await post<{ success: boolean; trade: Trade; timestamp: string }>(
      `${api}/trades`,
      aTrade({ symbol: "eth", note: "breakout", meta: { confidence: 0.8 } }),
    );
    expect(status).to.equal(201);
    expect(body.success).to.equal(true);
    expect(body.trade).to.include({
      model: "gpt-5",
      symbol: "ETH",
      qty: 0.5,
      status: "closed",
      fee: 0,
      leverage: 1,
    });
    expect(body.trade).to.deep.include({ meta: { confidence: 0.8 }, note: "breakout", exit_price: null });
    expect(body.trade.seq).to.equal(await tapeHead());
    expect(Date.parse(body.trade.created_at as string)).to.be.closeTo(Date.now(), 10_000);
    expect((await get(`${api}/trades/${body.trade.id}`)).body).to.deep.equal(body.trade);
  });

  it("keeps decimals exactly as they were sent", async () => {
    const exact = {
      qty: "0.123456789012345678",
      price: "12345678901234567890.000000000000000001",
      pnl: "-1.50",
    };
    const { status, body } = await post<{ trade: Trade }>(`${api}/trades?decimals=string`, aTrade(exact));
    expect(status).to.equal(201);
    expect(body.trade).to.include({ qty: exact.qty, price: exact.price, pnl: "-1.5", fee: "0" });
    const again = await get<Trade>(`${api}/trades/${body.trade.id}?decimals=string`);
    expect(again.body).to.include({ qty: exact.qty, price: exact.price, pnl: "-1.5" });
    const raw = await (await fetch(`${api}/trades/${body.trade.id}`)).text();
    expect(raw).to.include(`"qty":${exact.qty},"price":12345678901234567890.000000000000000001`);
  });

  it("leaves the numbers inside meta alone when decimals are strings", async () => {
    const { body } = await post<{ trade: Trade }>(
      `${api}/trades?decimals=string`,
      aTrade({ meta: { price: 7 } }),
    );
    expect(body.trade.meta).to.deep.equal({ price: 7 });
  });

  it("answers the first trade when the same id comes again with values that are equal", async () => {
    const first = await post<{ trade: Trade }>(`${api}/trades`, aTrade({ id: "again-1", qty: 1 }));
    const head = await tapeHead();
    const again = await post<{ trade: Trade }>(`${api}/trades`, aTrade({ id: "again-1", qty: "1.0" }));
    expect([first.status, again.status]).to.deep.equal([201, 200]);
    expect(again.body.trade).to.deep.equal(first.body.trade);
    expect(await tapeHead()).to.equal(head);
  });

  it("answers 409 when the same id comes with other content", async () => {
    await post(`${api}/trades`, aTrade({ id: "other-1", pnl: 1 }));
    const { status, body } = await post(`${api}/trades`, aTrade({ id: "other-1", pnl: 2 }));
    expect(status).to.equal(409);
    expect(body).to.include({ success: false, code: "conflict" });
  });

  it("takes an Idempotency-Key within its model where no id is given", async () => {
    const headers = { "idempotency-key": "k-1" };
    const first = await post<{ trade: Trade }>(`${api}/trades`, aTrade(), headers);
    const again = await post<{ trade: Trade }>(`${api}/trades`, aTrade(), headers);
    const otherModel = await post<{ trade: Trade }>(`${api}/trades`, aTrade({ model: "qwen3-max" }), headers);
    const otherContent = await post(`${api}/trades`, aTrade({ qty: 2 }), headers);
    expect([first.status, again.status, otherModel.status, otherContent.status]).to.deep.equal([
      201, 200, 201, 409,
    ]);
    expect(again.body.trade.id).to.equal(first.body.trade.id);
    expect(otherModel.body.trade.id).not.to.equal(first.body.trade.id);
  });

  it("writes one trade when the same id arrives fifty times at once", async () => {
    const head = await tapeHead();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post(`${api}/trades`, aTrade({ id: "rush-1" }))),
    );
    expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(49);
    expect(await tapeHead()).to.equal(head + 1);
  });

  it("takes a symbol in lower case, and no foreign letter that becomes a plain one", async () => {
    const { body } = await post<{ trade: Trade }>(`${api}/trades`, aTrade({ symbol: "eth/usd" }));
    expect(body.trade.symbol).to.equal("ETH/USD");
    for (const symbol of ["ß", "ı", "ſol", "\u212a", "ﬀ"]) {
      expect((await post(`${api}/trades`, aTrade({ symbol }))).status, symbol).to.equal(400);
    }
  });

  it("accepts any printable model name", async () => {
    for (const model of ["Claude Sonnet 4.5", "a/b", "модель-1", "モデル", "🤖 bot", "x".repeat(100)]) {
      const { status, body } = await post<{ trade: Trade }>(`${api}/trades`, aTrade({ model }));
      expect([status, body.trade.model]).to.deep.equal([201, model]);
    }
  });
});

describe("POST /api/trades/bulk", () => {
  it("writes all trades in order and counts those that were there before", async () => {
    await post(`${api}/trades`, aTrade({ id: "bulk-2" }));
    const trades = [aTrade({ id: "bulk-1" }), aTrade({ id: "bulk-2" }), aTrade({ id: "bulk-3" })];
    const first = await post<{ trades: Trade[]; count: number; repeated: number }>(`${api}/trades/bulk`, {
      trades,
    });
    expect(first.status).to.equal(201);
    expect(first.body).to.include({ count: 3, repeated: 1 });
    expect(first.body.trades.map(({ id }) => id)).to.deep.equal(["bulk-1", "bulk-2", "bulk-3"]);
    const again = await post<{ repeated: number }>(`${api}/trades/bulk`, { trades });
    expect([again.status, again.body.repeated]).to.deep.equal([200, 3]);
  });

  it("takes an Idempotency-Key for rows without an id", async () => {
    const headers = { "idempotency-key": "bulk-k" };
    const trades = [aTrade(), aTrade({ model: "other" }), aTrade({ id: "bulk-k-id" }), aTrade()];
    const send = (rows: object[]) =>
      post<{ trades: Trade[]; repeated: number; details?: { path: string }[] }>(
        `${api}/trades/bulk`,
        { trades: rows },
        headers,
      );
    const [first, retry] = await Promise.all([send(trades), send(trades)]);
    expect([first.status, retry.status]).to.have.members([201, 200]);
    expect(retry.body.trades).to.deep.equal(first.body.trades);
    const altered = await send([...trades.slice(0, 3), aTrade({ qty: 7 })]);
    expect([altered.status, altered.body.details?.map(({ path }) => path)]).to.deep.equal([
      409,
      ["trades.3"],
    ]);
    // The key stands for the whole request.
    expect((await send([...trades, aTrade({ note: "one more" })])).status).to.equal(409);
  });

  it("names every bad row, however many", async () => {
    const trades = Array.from({ length: 1000 }, () => aTrade({ qty: -1 }));
    const { status, body } = await post<{ details: unknown[] }>(`${api}/trades/bulk`, { trades });
    expect([status, body.details.length]).to.deep.equal([400, 1000]);
  });

  it("takes a thousand of the largest trades", async () => {
    const meta = { text: "x".repeat(4_000) };
    const trades = Array.from({ length: 1000 }, () => aTrade({ note: "€".repeat(2000), meta }));
    expect((await post(`${api}/trades/bulk`, { trades })).status).to.equal(201);
  });

  it("writes nothing and names the row when one has other content", async () => {
    await post(`${api}/trades`, aTrade({ id: "bulk-clash" }));
    const head = await tapeHead();
    const trades = [aTrade({ id: "bulk-new" }), aTrade({ id: "bulk-clash", qty: 9 })];
    const { status, body } = await post<{ details: { path: string }[] }>(`${api}/trades/bulk`, { trades });
    expect(status).to.equal(409);
    expect(body.details.map(({ path }) => path)).to.deep.equal(["trades.1.id"]);
    expect(await tapeHead()).to.equal(head);
    expect((await get(`${api}/trades/bulk-new`)).status).to.equal(404);
  });

  it("writes nothing and names each bad field when a row is not valid", async () => {
    const head = await tapeHead();
    const trades = [aTrade(), aTrade({ qty: 0 }), aTrade({ side: "hold", extra: 1 })];
    const { status, body } = await post<{ details: { path: string }[] }>(`${api}/trades/bulk`, { trades });
    expect(status).to.equal(400);
    expect(body.details.map(({ path }) => path)).to.have.members([
      "trades.1.qty",
      "trades.2.side",
      "trades.2.extra",
    ]);
    expect(await tapeHead()).to.equal(head);
  });

  it("takes a thousand trades in one go and refuses one more", async () => {
    const trades = Array.from({ length: 1000 }, (_, index) => aTrade({ id: `mass-${index}` }));
    const { status, body } = await post<{ trades: Trade[] }>(`${api}/trades/bulk`, { trades });
    expect(status).to.equal(201);
    const seqs = body.trades.map(({ seq }) => seq);
    expect(seqs).to.deep.equal(seqs.map((_, index) => (seqs[0] as number) + index));
    expect((await post(`${api}/trades/bulk`, { trades: [...trades, aTrade()] })).status).to.equal(400);
    expect((await post(`${api}/trades/bulk`, { trades: [] })).status).to.equal(400);
  });
});

describe("PATCH /api/trades/:id", () => {
  it("closes an open trade once, as a tape entry of its own", async () => {
    const opened = await post<{ trade: Trade }>(
      `${api}/trades`,
      aTrade({ id: "close-1", status: "open", pnl: 0 }),
    );
    const closed = await patch<{ trade: Trade }>(`${api}/trades/close-1`, {
      exit_price: 66_000,
      pnl: 500,
      fee: 2.5,
    });
    expect(closed.status).to.equal(200);
    expect(closed.body.trade).to.include({
      status: "closed",
      exit_price: 66_000,
      pnl: 500,
      fee: 2.5,
      id: "close-1",
    });
    expect(closed.body.trade.seq).to.be.greaterThan(opened.body.trade.seq);
    const { events } = (
      await get<{ events: { kind: string; data: Trade }[] }>(`${api}/tape?since=${closed.body.trade.seq - 1}`)
    ).body;
    expect(events[0]).to.deep.include({ kind: "trade_close", data: closed.body.trade });
    expect((await patch(`${api}/trades/close-1`, { exit_price: 66_001 })).status).to.equal(409);
    expect((await patch(`${api}/trades/nobody`, { exit_price: 66_000 })).status).to.equal(404);
  });

  it("lets a late retry of the opening find the trade as it is now", async () => {
    const opening = aTrade({ id: "close-2", status: "open", pnl: 0 });
    await post(`${api}/trades`, opening);
    await patch(`${api}/trades/close-2`, { exit_price: 64_000, pnl: -500 });
    const { status, body } = await post<{ trade: Trade }>(`${api}/trades`, opening);
    expect(status).to.equal(200);
    expect(body.trade).to.include({ status: "closed", pnl: -500 });
  });

  it("lets one of many closes at once through", async () => {
    await post(`${api}/trades`, aTrade({ id: "close-3", status: "open" }));
    const closes = await Promise.all(
      Array.from({ length: 20 }, (_, pnl) => patch(`${api}/trades/close-3`, { exit_price: 1, pnl })),
    );
    expect(closes.filter(({ status }) => status === 200)).to.have.length(1);
    expect(closes.filter(({ status }) => status === 409)).to.have.length(19);
  });
});

describe("GET /api/trades", () => {
  before(async () => {
    // Ten trades of one model, pairs of them at the same moment.
    const trades = Array.from({ length: 10 }, (_, index) =>
      aTrade({
        id: `page-${index}`,
        model: "pager",
        symbol: index % 2 === 0 ? "SOL" : "XRP",
        side: index < 5 ? "buy" : "sell",
        timestamp: new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 2))).toISOString(),
      }),
    );
    await post(`${api}/trades/bulk`, { trades });
  });

  it("pages newest first by time and id, each trade once", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { body } = await get<Page>(`${api}/trades?model=pager&limit=3${next}`);
      expect(body.count).to.equal(body.trades.length);
      seen.push(...body.trades.map(({ id }) => id));
      cursor = body.next_cursor;
    } while (cursor !== null);
    expect(seen).to.deep.equal([9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((index) => `page-${index}`));
  });

  it("filters by symbol, side, status and time, bounds included", async () => {
    const ids = async (filter: string) =>
      (await get<Page>(`${api}/trades?model=pager&${filter}`)).body.trades.map(({ id }) => id);
    expect(await ids("symbol=sol&side=buy")).to.deep.equal(["page-4", "page-2", "page-0"]);
    expect(await ids("status=open")).to.deep.equal([]);
    expect(await ids("from=2026-01-02T00:00:00Z&to=2026-01-03T00:00:00Z")).to.deep.equal([
      "page-5",
      "page-4",
      "page-3",
      "page-2",
    ]);
  });

  it("streams all matching rows as CSV", async () => {
    const response = await fetch(`${api}/trades?model=pager`, { headers: { accept: "text/csv" } });
    expect(response.headers.get("content-type")).to.include("text/csv");
    const lines = (await response.text()).trim().split("\n");
    expect(lines[0]).to.match(/^id,seq,model,symbol,side,qty,price,pnl,status,timestamp/);
    expect(lines.slice(1).map((line) => line.split(",")[0])).to.deep.equal(
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((index) => `page-${index}`),
    );
    expect(await (await fetch(`${api}/trades?model=pager&format=csv`)).text()).to.equal(
      `${lines.join("\n")}\n`,
    );
  });

  it("refuses what it does not know", async () => {
    for (const bad of [
      "limit=0",
      "limit=1001",
      "limit=ten",
      "cursor=abc",
      "side=hold",
      "from=yesterday",
      "colour=red",
    ]) {
      const { status, body } = await get<{ code: string }>(`${api}/trades?${bad}`);
      expect([bad, status, body.code]).to.deep.equal([bad, 400, "validation_error"]);
    }
  });
});

describe("the tape", () => {
  it("is dense, in commit order, and agrees with the tables", async () => {
    const writes = Array.from({ length: 200 }, (_, index) =>
      index % 4 === 0
        ? post(`${api}/portfolio`, { model: `holder ${index % 3}`, balance: index })
        : index % 4 === 1
          ? post(`${api}/sentiment`, { text: "good news", symbol: "BTC" })
          : post(`${api}/trades`, aTrade()),
    );
    await Promise.all(writes);
    const [counts] = await query<{ rows: string; low: string; high: string; head: string; trades: string }>(
      database,
      `SELECT (SELECT count(*) FROM tape) AS rows, (SELECT min(seq) FROM tape) AS low, (SELECT max(seq) FROM tape) AS high,
        (SELECT seq FROM tape_head) AS head,
        (SELECT count(*) FROM trades t JOIN tape e ON e.seq = t.seq AND e.data ->> 'id' = t.id) AS trades`,
    );
    expect(counts).to.include({ low: "1", high: counts?.rows, head: counts?.rows });
    const [{ total } = { total: "" }] = await query<{ total: string }>(
      database,
      "SELECT count(*) AS total FROM trades",
    );
    expect(counts?.trades).to.equal(total);
  });

  it("pages by seq and by channel", async () => {
    const all = (
      await get<{ events: { seq: number; kind: string }[]; next_since: number; head: number; epoch: string }>(
        `${api}/tape?since=0&limit=10000`,
      )
    ).body;
    expect(all.events.map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: all.head }, (_, index) => index + 1),
    );
    expect(all.next_since).to.equal(all.head);
    const ahead = await get<{ next_since: number }>(`${api}/tape?since=${all.head + 10}`);
    expect(ahead.body.next_since).to.equal(all.head);
    expect(all.epoch).to.match(/^\w{6,}$/);
    const model = encodeURIComponent("Claude Sonnet 4.5");
    const some = (
      await get<{ events: { data: Trade }[] }>(
        `${api}/tape?channels=trades/model/${encodeURIComponent(model)},portfolios`,
      )
    ).body;
    expect(new Set(some.events.map(({ data }) => data.model))).to.deep.equal(
      new Set(["Claude Sonnet 4.5", "holder 0", "holder 1", "holder 2"]),
    );
    expect((await get(`${api}/tape?channels=prices`)).status).to.equal(400);
  });
});

describe("writes that are not as they must be", () => {
  const cases: [string, unknown][] = [
    ["a missing model", aTrade({ model: undefined })],
    ["an empty model", aTrade({ model: "" })],
    ["a model of blanks", aTrade({ model: "   " })],
    ["a model that is too long", aTrade({ model: "x".repeat(101) })],
    ["a model with a line break", aTrade({ model: "a\nb" })],
    ["a symbol with a blank", aTrade({ symbol: "B TC" })],
    ["a side nobody knows", aTrade({ side: "BUY" })],
    ["a qty of zero", aTrade({ qty: 0 })],
    ["a negative price", aTrade({ price: -1 })],
    ["NaN as text", aTrade({ qty: "NaN" })],
    ["Infinity as text", aTrade({ qty: "Infinity" })],
    ["hexadecimal", aTrade({ qty: "0x10" })],
    ["a number of 21 digits", aTrade({ price: "123456789012345678901" })],
    ["19 decimals", aTrade({ qty: "0.1234567890123456789" })],
    ["a boolean qty", aTrade({ qty: true })],
    ["an unknown field", aTrade({ colour: "red" })],
    [
      "__proto__ as a field",
      `{"model":"m","symbol":"BTC","side":"buy","qty":1,"price":1,"__proto__":{"x":1}}`,
    ],
    ["constructor as a field", aTrade({ constructor: { prototype: {} } })],
    ["a number that overflows", `{"model":"m","symbol":"BTC","side":"buy","qty":1e309,"price":1}`],
    ["a NUL character", aTrade({ note: "a\0b" })],
    ["a NUL character in meta", aTrade({ meta: { "a\0": "b" } })],
    ["a lone surrogate", aTrade({ note: "\ud800" })],
    ["a note that is too long", aTrade({ note: "x".repeat(2001) })],
    ["meta that is too large", aTrade({ meta: { text: "x".repeat(4096) } })],
    ["meta that is a list", aTrade({ meta: [1] })],
    ["a time without a zone", aTrade({ timestamp: "2026-01-01T00:00:00" })],
    ["a time that is none", aTrade({ timestamp: "2026-13-45T00:00:00Z" })],
    ["a time in the year 0", aTrade({ timestamp: "0000-01-01T00:00:00Z" })],
    ["a list", [aTrade()]],
    ["null", null],
    ["broken JSON", '{"model": "m"'],
    ["an empty body", ""],
    ["JSON 40,000 levels deep", `${"[".repeat(40_000)}${"]".repeat(40_000)}`],
    ["meta 40,000 levels deep", `{"meta":${'{"a":'.repeat(40_000)}1${"}".repeat(40_000)}}`],
  ];

  for (const [name, body] of cases) {
    it(`refuses ${name} with 400 or 413 and stores nothing`, async () => {
      const head = await tapeHead();
      const answer = await post<{ success: boolean; code: string; error: string }>(`${api}/trades`, body);
      expect([400, 413]).to.include(answer.status);
      expect(answer.body.success).to.equal(false);
      expect(answer.body.code).to.equal(answer.status === 400 ? "validation_error" : "payload_too_large");
      expect(answer.body.error).to.be.a("string").with.length.greaterThan(5);
      expect(await tapeHead()).to.equal(head);
    });
  }

  it("refuses bodies that are too large, compressed, or no JSON", async () => {
    const large = await post(`${api}/trades`, { note: "x".repeat(10_000_000) }).catch(() => ({
      status: 413,
    }));
    expect(large.status).to.equal(413);
    const form = await send("POST", `${api}/trades`, "a=b", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(form.status).to.equal(415);
    const packed = await send("POST", `${api}/trades`, "{}", { "content-encoding": "gzip" });
    expect(packed.status).to.equal(415);
  });

  it("keeps SQL in every string a string", async () => {
    const sql = `'); DROP TABLE trades; --`;
    const { status, body } = await post<{ trade: Trade }>(
      `${api}/trades`,
      aTrade({ model: sql, note: sql, id: sql, meta: { [sql]: sql } }),
    );
    expect(status).to.equal(201);
    expect(body.trade).to.deep.include({ model: sql, note: sql, id: sql, meta: { [sql]: sql } });
    expect((await get(`${api}/trades/${encodeURIComponent(sql)}`)).body).to.deep.equal(body.trade);
    expect((await get<Page>(`${api}/trades?model=${encodeURIComponent(sql)}`)).body.count).to.equal(1);
    expect((await get(`${api}/trades?symbol=${encodeURIComponent(sql)}`)).status).to.equal(400);
  });

  it("answers JSON errors for paths and methods that are not there", async () => {
    for (const [method, path] of [
      ["GET", "/api/nothing"],
      ["DELETE", "/api/trades"],
      ["GET", "/api/trades/%ff"],
    ] as const) {
      const { status, body } = await send<{ success: boolean }>(method, `${app.url}${path}`);
      expect(status).to.be.oneOf([400, 404]);
      expect(body.success).to.equal(false);
    }
  });
});
