import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import type { TapeEntry } from "../../src/contracts/tape.ts";
import { Hub, type Member } from "../../src/stream/hub.ts";
import { eventually } from "../support/eventually.ts";

const CHANNELS = new Set(["trades"]);
const aRecord = (seq: number, model = "gpt-5"): TapeEntry => ({
  seq,
  kind: "trade",
  at: "2026-01-02T03:04:05.678Z",
  model,
  symbol: "BTC",
  body: '{"id":"x"}',
});

/** As a crowd keeps the event loop busy that is written to. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe("the hub", () => {
  it("lets everything else have its turn while a crowd is told how far it is", async () => {
    const hub = new Hub();
    let told = 0;
    const member = (): Member => ({
      send() {
        told++;
        work(0.5);
      },
    });
    for (let index = 0; index < 200; index++) hub.enter(hub.view(CHANNELS), member());
    hub.announceHead(() => ({ seq: 1, epoch: "e" }));
    let turns = 0;
    for (; told < 200; turns++) await nextTurn();
    expect(turns).to.be.greaterThan(5);
    await nextTurn();
    expect(told).to.equal(200);
  });

  it("tells nobody of less than it was sent, also where records come in between", async () => {
    const hub = new Hub();
    const sent = Array.from({ length: 50 }, () => [] as number[]);
    const view = hub.view(CHANNELS);
    let cursor = 0;
    hub.addDoor({
      sendToRoom(_room, { lastSeq }) {
        for (const seqs of sent) seqs.push(lastSeq);
      },
    });
    for (const seqs of sent) {
      hub.enter(view, {
        send(_event, _text, seq = 0) {
          seqs.push(seq);
          work(0.5);
        },
      });
    }
    hub.announceHead(() => ({ seq: cursor, epoch: "e" }));
    while (cursor < 30) {
      hub.deliver([aRecord(++cursor)]);
      await nextTurn();
    }
    await eventually(async () => sent.every((seqs) => seqs.at(-1) === 30));
    for (const seqs of sent) expect(seqs).to.deep.equal([...seqs].sort((a, b) => a - b));
  });

  it("sends records together that come while frames are dear, each once and in order", async () => {
    const hub = new Hub();
    const frames: string[] = [];
    hub.addDoor({
      sendToRoom(_room, { text }) {
        frames.push(text);
        work(3);
      },
    });
    hub.enter(hub.view(CHANNELS), { send() {} });
    for (let seq = 1; seq <= 500; seq++) {
      hub.deliver([aRecord(seq)]);
      await nextTurn();
    }
    const seqs = () =>
      frames.flatMap((text) => (JSON.parse(text) as { seq: number }[]).map(({ seq }) => seq));
    await eventually(async () => seqs().length >= 500);
    expect(seqs()).to.deep.equal(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(frames.length).to.be.lessThan(250);
  });

  it("gives many views their turn, and the loop its own, though records keep coming", async () => {
    const hub = new Hub();
    const sent = new Map<string, number>();
    hub.addDoor({
      sendToRoom(room, { lastSeq }) {
        sent.set(room, lastSeq);
        work(0.2);
      },
    });
    const models = Array.from({ length: 100 }, (_, index) => `m${index}`);
    const views = models.map((model) => hub.view(new Set(["trades", `trades/model/${model}`])));
    for (const view of views) hub.enter(view, { send() {} });
    for (let seq = 1; seq <= 200; seq++) {
      hub.deliver([aRecord(seq, models[seq % models.length])]);
      await nextTurn();
    }
    await eventually(async () => views.every(({ room }) => sent.get(room) === 200));
  });
});
