import { expect } from "chai";
import type { Feed, FeedContext, Tick } from "../../src/market/feeds/feed.ts";
import { simulatedFeed } from "../../src/market/feeds/simulated.ts";
import { runFeed } from "../../src/market/run-feed.ts";
import { createLogger } from "../../src/platform/logger.ts";
import { eventually } from "../support/eventually.ts";

const logger = createLogger("silent");

function contextFor(stop: AbortController, symbols: string[], emit: (ticks: readonly Tick[]) => void) {
  const context: FeedContext = {
    symbols,
    emit,
    signal: stop.signal,
    drop: () => {},
    lastKnown: (symbol) => (symbol === "KNOWN" ? { price: "123.45", tradedAt: 1 } : undefined),
  };
  return context;
}

describe("a price feed", () => {
  it("is started again each time it fails, and not after it has come to its end", async () => {
    const stop = new AbortController();
    let runs = 0;
    let restarts = 0;
    const feed: Feed = {
      name: "fragile",
      check: async () => {},
      async run() {
        if (++runs < 3) throw new Error("the line was cut");
      },
    };
    await runFeed(
      feed,
      contextFor(stop, [], () => {}),
      logger,
      () => restarts++,
    );
    expect([runs, restarts]).to.deep.equal([3, 2]);
  });

  it("ends while it waits to be started again", async () => {
    const stop = new AbortController();
    const feed: Feed = {
      name: "dead",
      check: async () => {},
      run: () => Promise.reject(new Error("nobody is there")),
    };
    await runFeed(
      feed,
      contextFor(stop, [], () => {}),
      logger,
      () => stop.abort(),
    );
    expect(stop.signal.aborted).to.equal(true);
  });

  it("that is simulated begins with every price, goes on from a known one, and moves as markets do", async () => {
    const stop = new AbortController();
    const batches: (readonly Tick[])[] = [];
    const symbols = ["KNOWN", "BTC", "DOGE", "NEW-COIN"];
    const running = simulatedFeed(1).run(contextFor(stop, symbols, (ticks) => batches.push(ticks)));
    try {
      expect(batches[0]?.map(({ symbol }) => symbol)).to.deep.equal(symbols);
      expect(batches[0]?.[0]?.price).to.equal("123.45");
      await eventually(async () => batches.flat().length > 40);
    } finally {
      stop.abort();
      await running;
    }
    const first = new Map(batches[0]?.map(({ symbol, price }) => [symbol, Number(price)]));
    for (const { symbol, price, volume } of batches.flat()) {
      expect(Number(price) / (first.get(symbol) ?? 0), symbol).to.be.within(0.99, 1.01);
      expect(Number(volume), symbol).to.be.greaterThan(0);
    }
    const again = new AbortController();
    const same: (readonly Tick[])[] = [];
    const other = simulatedFeed(99).run(contextFor(again, symbols, (ticks) => same.push(ticks)));
    again.abort();
    await other;
    // An asset nobody has described has the same start price on every instance.
    expect(same[0]?.[3]?.price).to.equal(batches[0]?.[3]?.price);
  });
});
