import { expect } from "chai";
import fc from "fast-check";
import { MedianWindow } from "../../../src/leaderboard/score/median-window.ts";

const byValue = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
const middleOf = (sorted: bigint[]) => [
  sorted[Math.floor((sorted.length - 1) / 2)],
  sorted[Math.floor(sorted.length / 2)],
];

const WIDTH = 32;

describe("the median of values that come one by one", () => {
  it("is that of all values, or is said to be lost", () => {
    const value = fc.oneof(
      fc.bigInt({ min: -20n, max: 20n }),
      fc.bigInt({ min: -(10n ** 50n), max: 10n ** 50n }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 120 }),
        fc.array(value, { minLength: 1, maxLength: 200 }),
        (before, then) => {
          const all = before.sort(byValue);
          const window = new MedianWindow(() => WIDTH, MedianWindow.of(all, WIDTH));
          for (const one of then) {
            window.add(one);
            all.push(one);
            all.sort(byValue);
            if (window.isLost) return;
            expect(window.middle).to.deep.equal(middleOf(all));
            expect(window.state?.values.length).to.be.at.most(WIDTH);
            expect((window.state?.below ?? 0) + (window.state?.above ?? 0)).to.equal(
              all.length - (window.state?.values.length ?? 0),
            );
          }
        },
      ),
    );
  });

  it("is not lost by a hundred thousand values that come in no order", () => {
    const window = new MedianWindow(() => 1_024);
    const all: number[] = [];
    for (let index = 0; index < 100_000; index++) {
      const value = (index * 48_271) % 99_991;
      all.push(value);
      window.add(BigInt(value));
    }
    all.sort((a, b) => a - b);
    expect(window.middle?.map(Number)).to.deep.equal([all[49_999], all[50_000]]);
  });

  it("is lost where values keep rising, and found again from those around it", () => {
    const window = new MedianWindow(() => WIDTH);
    for (let value = 0n; value < 200n; value++) window.add(value);
    expect(window.isLost).to.equal(true);
    const offset = MedianWindow.offset(200, WIDTH);
    const values = Array.from({ length: WIDTH }, (_, index) => BigInt(offset + index));
    const found = new MedianWindow(() => WIDTH, { below: offset, values, above: 200 - offset - WIDTH });
    expect(found.middle).to.deep.equal([99n, 100n]);
  });
});
