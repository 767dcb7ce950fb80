import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

interface Score {
  label: string;
  score: number;
  confidence: number;
  tokens: { positive: string[]; negative: string[] };
  saved: boolean;
  seq?: number;
  symbol?: string;
  source: string;
  latency_ms: number;
}

describe("sentiment", () => {
  let app: App;
  let api: string;

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    api = `${app.url}/api`;
  });
  after(() => app.stop());

  const score = (body: unknown, headers?: Record<string, string>) =>
    post<Score>(`${api}/sentiment`, body, headers);

  it("scores a text and stores nothing without a symbol", async () => {
    const { status, body } = await score({ text: "Bitcoin rallies to a new all time high" });
    expect(status).to.equal(200);
    expect(body).to.include({ label: "positive", saved: false, source: "api" });
    expect(body).to.not.have.any.keys("seq", "symbol");
    expect(body.score).to.be.within(0, 1);
    expect(body.confidence).to.be.within(0, 1);
    expect(body.latency_ms).to.be.at.least(0);
    expect((await get<{ head: number }>(`${api}/tape`)).body.head).to.equal(0);
  });

  it("stores a score with a symbol, on the tape too", async () => {
    const { body } = await score({
      text: "exchange hacked, funds drained",
      symbol: "sol",
      source: "news",
      model: "gpt-5",
    });
    expect(body).to.include({ label: "negative", saved: true, symbol: "SOL", source: "news" });
    const { events } = (
      await get<{ events: { kind: string; data: Record<string, unknown> }[] }>(
        `${api}/tape?channels=sentiments/SOL`,
      )
    ).body;
    expect(events).to.have.length(1);
    expect(events[0]?.data).to.include({
      seq: body.seq,
      score: body.score,
      symbol: "SOL",
      source: "news",
      model: "gpt-5",
    });
    const listed = (await get<{ sentiments: unknown[] }>(`${api}/sentiment?symbol=SOL`)).body;
    expect(listed.sentiments).to.deep.equal([events[0]?.data]);
  });

  it("takes an Idempotency-Key within its source", async () => {
    const text = { text: "steady as she goes", symbol: "ADA" };
    const first = await score(text, { "idempotency-key": "s-1" });
    const again = await score(text, { "idempotency-key": "s-1" });
    expect(again.body.seq).to.equal(first.body.seq);
    const otherSource = await score({ ...text, source: "feed" }, { "idempotency-key": "s-1" });
    expect(otherSource.body.seq).to.not.equal(first.body.seq);
    expect((await score({ ...text, text: "other" }, { "idempotency-key": "s-1" })).status).to.equal(409);
  });

  it("pages stored scores and sums them up", async () => {
    for (const text of ["soaring", "crash", "the market opened", "great gains"])
      await score({ text, symbol: "SUM" });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { body } = await get<{ sentiments: { text: string }[]; next_cursor: string | null }>(
        `${api}/sentiment?symbol=SUM&limit=3${page}`,
      );
      seen.push(...body.sentiments.map(({ text }) => text));
      cursor = body.next_cursor;
    }
    expect(seen).to.deep.equal(["great gains", "the market opened", "crash", "soaring"]);
    const { body } = await get<Record<string, number>>(`${api}/sentiment/summary?symbol=sum`);
    expect(body).to.include({ symbol: "SUM", count: 4, positive: 2, neutral: 1, negative: 1 });
    expect(body.average).to.be.within(-1, 1);
    const none = await get(`${api}/sentiment/summary?symbol=NONE`);
    expect(none.body).to.deep.equal({
      symbol: "NONE",
      count: 0,
      average: null,
      positive: 0,
      neutral: 0,
      negative: 0,
    });
  });

  it("refuses texts that are not as they must be", async () => {
    for (const bad of [
      {},
      { text: "" },
      { text: 5 },
      { text: "x".repeat(2001) },
      { text: "x", symbol: "a b" },
      { text: "x", y: 1 },
    ]) {
      expect([bad, (await score(bad)).status]).to.deep.equal([bad, 400]);
    }
    expect((await get(`${api}/sentiment/summary`)).status).to.equal(400);
  });
});
