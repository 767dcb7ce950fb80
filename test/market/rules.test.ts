import { expect } from "chai";
import { Decimal } from "decimal.js";
import fc from "fast-check";
import { canonicalDecimal } from "../../src/contracts/decimal.ts";
import { percentChange, toText, toUnits } from "../../src/contracts/units.ts";
import { coinOf } from "../../src/market/coins.ts";
import { createRandom } from "../../src/market/feeds/random.ts";
import { candleOf, type Part, startPart } from "../../src/market/part.ts";

const Exact = Decimal.clone({ precision: 80, toExpNeg: -1e9, toExpPos: 1e9 });
const decimal = fc
  .tuple(fc.bigInt(0n, 10n ** 20n - 1n), fc.integer({ min: 0, max: 18 }), fc.bigInt(0n, 10n ** 18n - 1n))
  .map(([whole, digits, fraction]) => {
    const text = `${whole}.${fraction.toString().padStart(18, "0").slice(0, digits)}`;
    return canonicalDecimal(digits === 0 ? `${whole}` : text) as string;
  });

describe("the market's arithmetic", () => {
  it("reads and writes decimals without changing them", () => {
    fc.assert(fc.property(decimal, (text) => toText(toUnits(text)) === text));
    expect(toText(-toUnits("0.5"))).to.equal("-0.5");
  });

  it("adds and compares exactly", () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        const sum = new Exact(left).plus(right).toString();
        const order = new Exact(left).lessThan(right);
        return toText(toUnits(left) + toUnits(right)) === sum && toUnits(left) < toUnits(right) === order;
      }),
    );
  });

  it("gives changes in percent, rounded to six decimals", () => {
    const positive = decimal.filter((text) => text !== "0");
    fc.assert(
      fc.property(positive, decimal, (from, to) => {
        const change = new Exact(to).minus(from).times(100).div(from);
        const error = change.minus(toText(percentChange(toUnits(from), toUnits(to)))).abs();
        return error.lessThanOrEqualTo("0.0000005");
      }),
    );
  });

  it("puts parts together to the same candle in whatever order they come", () => {
    const part = fc
      .tuple(
        fc.integer({ min: 0, max: 59_999 }),
        fc.integer({ min: 0, max: 59_999 }),
        fc.array(fc.bigInt(1n, 1000n), { minLength: 2, maxLength: 5 }),
        fc.constantFrom("a", "b", "c"),
      )
      .map(([one, two, prices, origin]): Part => {
        const first = startPart("BTC", origin, Math.min(one, two), prices[0] as bigint, 1n);
        const sorted = [...prices].sort((left, right) => Number(left - right));
        const [low, high] = [sorted[0] as bigint, sorted.at(-1) as bigint];
        return { ...first, lastAt: Math.max(one, two), close: prices.at(-1) as bigint, high, low };
      });
    const different = fc.uniqueArray(part, { minLength: 1, maxLength: 6, selector: (one) => one.origin });
    fc.assert(
      fc.property(different, (parts) => {
        const candle = candleOf(parts);
        expect(candleOf([...parts].reverse())).to.deep.equal(candle);
        const first = Math.min(...parts.map(({ firstAt }) => firstAt));
        const last = Math.max(...parts.map(({ lastAt }) => lastAt));
        expect(parts.filter(({ firstAt }) => firstAt === first).map(({ open }) => open)).to.include(
          candle?.open,
        );
        expect(parts.filter(({ lastAt }) => lastAt === last).map(({ close }) => close)).to.include(
          candle?.close,
        );
        expect(candle?.volume).to.equal(BigInt(parts.length));
      }),
    );
    expect(candleOf([])).to.equal(undefined);
  });

  it("makes the same random numbers from the same seed, and normal ones that are normal", () => {
    const [one, two, other] = [createRandom(7), createRandom(7), createRandom(8)];
    const draw = () => [one.normal(), two.normal(), other.normal()];
    const [first] = [draw()];
    expect(first?.[0]).to.equal(first?.[1]);
    expect(first?.[0]).to.not.equal(first?.[2]);
    const many = Array.from({ length: 20_000 }, () => one.normal());
    const mean = many.reduce((sum, value) => sum + value, 0) / many.length;
    const variance = many.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many.length;
    expect(mean).to.be.within(-0.03, 0.03);
    expect(variance).to.be.within(0.95, 1.05);
  });

  it("has a coin for every symbol, with a colour that stays", () => {
    expect(coinOf("ETH")).to.deep.equal({ id: "ethereum", name: "Ethereum", color: "#627eea" });
    expect(coinOf("constructor".toUpperCase())).to.deep.include({ id: "constructor", name: "CONSTRUCTOR" });
    for (const symbol of ["AAA", "AAB", "A/B", "X"]) {
      expect(coinOf(symbol).color).to.match(/^#[0-9a-f]{6}$/);
      expect(coinOf(symbol)).to.deep.equal(coinOf(symbol));
    }
    expect(coinOf("AAA").color).to.not.equal(coinOf("AAB").color);
  });
});
