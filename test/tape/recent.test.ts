import { expect } from "chai";
import type { TapeEntry } from "../../src/contracts/tape.ts";
import { RecentEntries } from "../../src/tape/recent.ts";

const BODY = "x".repeat(800);

describe("the newest entries in memory", () => {
  let now: number;
  const clock = () => now;
  const entries = (from: number, to: number): TapeEntry[] =>
    Array.from({ length: to - from + 1 }, (_, at) => ({
      ...{
        seq: from + at,
        kind: "trade",
        model: "m",
        symbol: "BTC",
        at: "2026-01-01T00:00:00.000Z",
        body: BODY,
      },
    }));
  const seqs = (found: TapeEntry[] | undefined) => found?.map(({ seq }) => seq);

  beforeEach(() => {
    now = 0;
  });

  it("are read as far as is asked, across the edges of what came together", () => {
    const recent = new RecentEntries(undefined, clock);
    for (let from = 1; from <= 4_501; from += 450) recent.push(entries(from, from + 449));
    expect(seqs(recent.read(990, 4_950, 20))).to.deep.equal(Array.from({ length: 20 }, (_, at) => 991 + at));
    expect(seqs(recent.read(4_945, 4_948, 20))).to.deep.equal([4_946, 4_947, 4_948]);
    expect(seqs(recent.read(4_950, 4_950, 20))).to.deep.equal([]);
    expect(seqs(recent.read(0, 1, 20))).to.deep.equal([1]);
  });

  it("are the last minute, however many came in it", () => {
    const recent = new RecentEntries(1e9, clock);
    for (let second = 0; second < 90; second++) {
      now = second * 1_000;
      recent.push(entries(second * 8_000 + 1, (second + 1) * 8_000));
    }
    const head = 90 * 8_000;
    expect(recent.read(head - 55 * 8_000, head, 1)).to.have.length(1);
    expect(recent.read(head - 70 * 8_000, head, 1)).to.equal(undefined);
  });

  it("take no more memory than they may", () => {
    const recent = new RecentEntries(10_000_000, clock);
    recent.push(entries(1, 50_000));
    // 1,000 bytes an entry, and the last chunk is let go of whole.
    expect(recent.read(50_000 - 9_000, 50_000, 1)).to.have.length(1);
    expect(recent.read(50_000 - 11_000, 50_000, 1)).to.equal(undefined);
  });

  it("are forgotten where what comes does not follow", () => {
    const recent = new RecentEntries(undefined, clock);
    recent.push(entries(1, 10));
    recent.push(entries(12, 20));
    expect(recent.read(9, 20, 5)).to.equal(undefined);
    expect(seqs(recent.read(18, 20, 5))).to.deep.equal([19, 20]);
  });
});
