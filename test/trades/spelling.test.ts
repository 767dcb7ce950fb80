import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { aTrade, get, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { subscribeTo } from "../support/subscriber.ts";

interface Refusal {
  error: string;
  details: { path: string; message: string }[];
}

describe("names, symbols and text in requests", () => {
  let app: App;
  let api: string;
  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase(), SYMBOLS: "BTC,xyz:GOLD" });
    api = `${app.url}/api`;
  });
  after(() => app.stop());

  for (const symbol of ["BTC/USDT:USDT", "xyz:GOLD", "BTC/USD:BTC-260327-100000-C", "A".repeat(32)]) {
    it(`takes the symbol ${symbol} wherever a symbol is said`, async () => {
      const upper = symbol.toUpperCase();
      const at = encodeURIComponent(symbol);
      const trade = await post<{ trade: { symbol: string } }>(`${api}/trades`, aTrade({ symbol }));
      expect([trade.status, trade.body.trade?.symbol]).to.deep.equal([201, upper]);
      const list = await get<{ count: number }>(`${api}/trades?symbol=${at}`);
      expect(list.body.count).to.equal(1);
      const positions = [{ symbol, qty: 1, avg_price: 2 }];
      expect((await post(`${api}/portfolio`, { model: "holder", positions })).status).to.equal(200);
      const score = await post<{ symbol: string }>(`${api}/sentiment`, { text: "to the moon", symbol });
      expect([score.status, score.body.symbol]).to.deep.equal([200, upper]);
      expect((await get(`${api}/sentiment?symbol=${at}`)).status).to.equal(200);
      expect((await post(`${api}/market/prices`, { prices: [{ symbol, price: 3 }] })).status).to.equal(202);
      expect((await get<{ symbol: string }>(`${api}/market?symbol=${at}`)).body.symbol).to.equal(upper);
      expect((await get(`${api}/market/candles?symbol=${at}&interval=1m`)).status).to.equal(200);
      const channels = ["trades/symbol", "sentiments", "prices"].flatMap((name) => [
        `${name}/${symbol}`,
        `${name}/${at}`,
      ]);
      const spectator = subscribeTo(app.url, ["trades"]);
      try {
        const answer = await spectator.socket.timeout(20_000).emitWithAck("subscribe", { channels });
        expect(answer.ok, answer.error).to.equal(true);
        const once = ["trades/symbol", "sentiments", "prices"].map((name) => `${name}/${upper}`);
        expect(answer.channels).to.have.members(["trades", ...once]);
      } finally {
        spectator.close();
      }
      const tape = await get<{ events: unknown[] }>(
        `${api}/tape?channels=${encodeURIComponent(`trades/symbol/${at}`)}`,
      );
      expect(tape.body.events).to.have.length(1);
    });
  }

  it("refuses a symbol of 33 characters, and one of others", async () => {
    for (const symbol of ["A".repeat(33), "BTC USDT", "BTC;USDT", "", "ſ"]) {
      expect((await post(`${api}/trades`, aTrade({ symbol }))).status).to.equal(400);
    }
  });

  it("refuses ids and models that no URL can carry, wherever they are said", async () => {
    for (const name of [".", ".."]) {
      expect((await post(`${api}/trades`, aTrade({ id: name }))).status).to.equal(400);
      expect((await post(`${api}/trades`, aTrade({ model: name }))).status).to.equal(400);
      expect((await post(`${api}/trades/bulk`, { trades: [aTrade({ id: name })] })).status).to.equal(400);
      expect((await post(`${api}/portfolio`, { model: name, balance: 1 })).status).to.equal(400);
      expect((await post(`${api}/sentiment`, { text: "up", symbol: "BTC", model: name })).status).to.equal(
        400,
      );
    }
  });

  it("reads every id that it took by its URL", async () => {
    for (const id of ["...", ".a", "%2e", "a/../b", "?#", "a b", "%", "\\", "é", "bulk"]) {
      expect((await post(`${api}/trades`, aTrade({ id }))).status).to.equal(201);
      const { body } = await get<{ id: string }>(`${api}/trades/${encodeURIComponent(id)}`);
      expect(body.id).to.equal(id);
    }
  });

  it("refuses a body that is not UTF-8, and takes one with a byte order mark", async () => {
    const post = (body: Buffer) =>
      fetch(`${api}/trades`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: new Uint8Array(body),
      });
    const text = JSON.stringify(aTrade({ id: "latin", note: "café" }));
    const latin = await post(Buffer.from(text, "latin1"));
    expect(latin.status).to.equal(400);
    expect(await latin.json()).to.include({ code: "validation_error", error: "The body is not UTF-8 text." });
    expect((await get(`${api}/trades/latin`)).status).to.equal(404);
    expect((await post(Buffer.from(text, "utf16le"))).status).to.equal(400);
    const marked = await post(Buffer.from(`\ufeff${text}`));
    expect(marked.status).to.equal(201);
    expect((await get<{ note: string }>(`${api}/trades/latin`)).body.note).to.equal("café");
  });

  it("keeps a note that is empty", async () => {
    const { body } = await post<{ trade: { note: string } }>(`${api}/trades`, aTrade({ note: "" }));
    expect(body.trade.note).to.equal("");
  });

  it("says what is wrong in sentences that name the value met and do not stutter", async () => {
    const { body } = await send<Refusal>(
      "POST",
      `${api}/trades`,
      aTrade({
        model: "a\nb",
        side: "LONG",
        qty: "0,5",
        price: 0,
        timestamp: "2025-02-30T00:00:00Z",
        opened_at: "1 BC",
      }),
    );
    expect(Object.fromEntries(body.details.map(({ path, message }) => [path, message]))).to.deep.equal({
      model: 'must have no invisible character, as U+000A is, not "a\\nb"',
      side: 'must be buy or sell, not "LONG"',
      qty: 'must be a number, or a decimal string of at most 20 digits before and 18 after the point, not "0,5"',
      price: "must be greater than 0, not 0",
      timestamp: 'must be a time that exists, not "2025-02-30T00:00:00Z"',
      opened_at: 'must be an ISO 8601 time with a zone, like 2026-01-31T12:00:00Z, not "1 BC"',
    });
    expect(body.error).to.equal('model must have no invisible character, as U+000A is, not "a\\nb".');
  });
});
