import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { faults, type StreamRecord } from "../support/subscriber.ts";

interface SseEvent {
  event: string;
  id?: string;
  data: unknown;
}

describe("GET /api/stream", () => {
  let app: App;
  let api: string;
  const open: AbortController[] = [];
  let comments = 0;

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    api = `${app.url}/api`;
  });
  afterEach(() => {
    for (const stream of open.splice(0)) stream.abort();
  });
  after(() => app.stop());

  /** Reads a stream as it comes in, in the wire format of the HTML standard. */
  async function listen(query: string, headers: Record<string, string> = {}): Promise<SseEvent[]> {
    const abort = new AbortController();
    open.push(abort);
    const response = await fetch(`${api}/stream?${query}`, { headers, signal: abort.signal });
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.include("text/event-stream");
    const events: SseEvent[] = [];
    void (async () => {
      let text = "";
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString("utf8");
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          if (block.startsWith(":")) comments++;
          const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s, 2)));
          if (fields.event) events.push({ ...fields, data: JSON.parse(fields.data) } as SseEvent);
        }
      }
    })().catch(() => {});
    return events;
  }
  const recordsOf = (events: SseEvent[]) =>
    events.filter(({ event }) => event === "trades").flatMap(({ data }) => data as StreamRecord[]);

  it("replays, goes on live, and resumes with Last-Event-ID", async () => {
    await post(`${api}/trades/bulk`, { trades: Array.from({ length: 5 }, () => aTrade()) });
    const first = await listen("channels=trades,trades/symbol/BTC&since=0");
    await eventually(async () => recordsOf(first).length === 5);
    await post(`${api}/trades`, aTrade());
    await eventually(async () => recordsOf(first).length === 6);
    expect(faults(recordsOf(first), 0, 6)).to.deep.equal([]);
    const id = first.filter(({ event }) => event === "trades").at(-1)?.id;
    expect(id).to.equal("6");
    await post(`${api}/trades`, aTrade());
    const second = await listen("channels=trades&since=0", { "last-event-id": String(id) });
    await eventually(async () => recordsOf(second).length === 1);
    expect(faults(recordsOf(second), 6, 7)).to.deep.equal([]);
    await eventually(async () =>
      second.some(({ event, data }) => event === "head" && (data as { seq: number }).seq === 7),
    );
  });

  it("carries live values without an id", async () => {
    const events = await listen("channels=prices");
    await post(`${api}/market/prices`, { prices: [{ symbol: "BTC", price: 1 }] });
    await eventually(async () => events.some(({ event }) => event === "prices"));
    const price = events.find(({ event }) => event === "prices");
    expect(price?.id).to.equal(undefined);
    expect((price as { data: unknown[] }).data[0]).to.include({ symbol: "BTC", price: 1 });
  });

  it("is never silent for long, also where nothing happens", async () => {
    comments = 0;
    await listen("channels=news");
    await eventually(async () => comments > 0);
  });

  it("answers HEAD and opens no stream for it", async () => {
    const { status, headers } = await fetch(`${api}/stream?channels=trades`, { method: "HEAD" });
    expect(status).to.equal(200);
    expect(headers.get("content-type")).to.include("text/event-stream");
  });

  it("refuses what it does not know", async () => {
    for (const bad of ["", "channels=nothing", "channels=trades&since=-1", "channels=trades&colour=red"]) {
      expect((await get(`${api}/stream?${bad}`)).status).to.equal(400);
    }
    expect((await get(`${api}/stream?channels=trades`, { "last-event-id": "x" })).status).to.equal(400);
  });
});
