import { expect } from "chai";
import { closeTrade, openTrade } from "../../src/bots/account.ts";
import { STRATEGIES } from "../../src/bots/strategies/index.ts";
import type { Holding, MarketView, Strategy } from "../../src/bots/strategy.ts";

const market = (samples: number[]): MarketView => ({ symbols: ["BTC"], samples: () => samples });
const strategy = (model: string) => STRATEGIES.find((one) => one.model === model) as Strategy;
const held = (side: "buy" | "sell", seconds = 1): Holding[] => [{ symbol: "BTC", side, seconds }];
const never = () => 1;
const wants = (model: string, samples: number[], holdings: Holding[] = [], random = never) =>
  strategy(model)
    .decide(market(samples), holdings, random)
    .map((decision) => (decision.action === "open" ? decision.side : "close"));

describe("the house bots' strategies", () => {
  const flat = Array.from({ length: 40 }, () => 100);
  const rising = Array.from({ length: 40 }, (_, index) => 100 + index * 0.02);
  const falling = [...rising].reverse();

  it("Momentum goes with a trend, and leaves when it turns", () => {
    expect(wants("Momentum", rising)).to.deep.equal(["buy"]);
    expect(wants("Momentum", falling)).to.deep.equal(["sell"]);
    expect(wants("Momentum", flat)).to.deep.equal([]);
    expect(wants("Momentum", rising, held("buy"))).to.deep.equal([]);
    expect(wants("Momentum", falling, held("buy"))).to.deep.equal(["close"]);
  });

  it("Mean Reversion bets against a stretched price, and leaves at the average or when its patience ends", () => {
    expect(wants("Mean Reversion", [...flat, 101])).to.deep.equal(["sell"]);
    expect(wants("Mean Reversion", [...flat, 99])).to.deep.equal(["buy"]);
    expect(wants("Mean Reversion", flat)).to.deep.equal([]);
    expect(wants("Mean Reversion", [...flat, 99], held("buy"))).to.deep.equal([]);
    expect(wants("Mean Reversion", [...flat, 99, 100.5], held("buy"))).to.deep.equal(["close"]);
    expect(wants("Mean Reversion", [...flat, 99], held("buy", 91))).to.deep.equal(["close"]);
  });

  it("Breakout enters when the range is left, and holds for a while", () => {
    expect(wants("Breakout", [...flat, 100.1])).to.deep.equal(["buy"]);
    expect(wants("Breakout", [...flat, 99.9])).to.deep.equal(["sell"]);
    expect(wants("Breakout", flat)).to.deep.equal([]);
    expect(wants("Breakout", flat, held("buy", 19))).to.deep.equal([]);
    expect(wants("Breakout", flat, held("buy", 20))).to.deep.equal(["close"]);
  });

  it("Buy and Hold buys each symbol once", () => {
    expect(wants("Buy and Hold", [100])).to.deep.equal(["buy"]);
    expect(wants("Buy and Hold", falling, held("buy", 1e6))).to.deep.equal([]);
  });

  it("Coin Flip does what the coin says", () => {
    expect(wants("Coin Flip", flat, [], () => 0)).to.deep.equal(["buy"]);
    expect(wants("Coin Flip", flat, [], never)).to.deep.equal([]);
    expect(wants("Coin Flip", flat, held("sell"), () => 0)).to.deep.equal(["close"]);
  });

  it("do nothing before there is a price", () => {
    for (const { model } of STRATEGIES) expect(wants(model, [], [], () => 0)).to.deep.equal([]);
  });
});

describe("a house bot's account", () => {
  it("nets both fees from the gross PnL, exactly, for longs and shorts", () => {
    const wanted = { id: "a", symbol: "BTC", share: 0.1 };
    const long = openTrade({ ...wanted, side: "buy" }, "100", "10000", 0);
    expect(long).to.include({ qty: "10", fee: "0.1" });
    // (101.5 − 100) × 10 − (0.1 + 0.1015)
    expect(long && closeTrade(long, "101.5", "10000")).to.deep.equal({
      pnl: "14.7985",
      fee: "0.2015",
      balance: "10014.7985",
    });
    const short = openTrade({ ...wanted, side: "sell" }, "100", "10000", 0);
    expect(short && closeTrade(short, "101.5", "10000").pnl).to.equal("-15.2015");
  });

  it("does not trade with nothing", () => {
    expect(openTrade({ id: "a", symbol: "BTC", share: 0.1, side: "buy" }, "100", "0", 0)).to.equal(undefined);
  });
});
