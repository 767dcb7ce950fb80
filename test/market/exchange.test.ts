import { expect } from "chai";
import { exchangeFeed } from "../../src/market/feeds/exchange.ts";
import type { FeedContext, Tick } from "../../src/market/feeds/feed.ts";
import { runFeed } from "../../src/market/run-feed.ts";
import { createLogger } from "../../src/platform/logger.ts";
import { eventually } from "../support/eventually.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { type ExchangeServer, startExchangeServer } from "./exchange-server.ts";

// By a name in a variable: the compiler must not ask for a package that may be missing.
const CCXT = "ccxt";

async function isInstalled(): Promise<boolean> {
  return await import(CCXT).then(
    () => true,
    () => false,
  );
}

describe("the feed of an exchange", () => {
  const refusal = async (id: string) =>
    await startHere({ DATABASE_URL: await newDatabase(), PRICE_FEED: `exchange:${id}` }).then(
      () => "it started",
      (error: Error) => error.message,
    );

  describe("without ccxt", () => {
    it("stops the start with a sentence that says what to install", async function () {
      if (await isInstalled()) {
        process.stdout.write("    skipped: ccxt is installed here\n");
        return this.skip();
      }
      expect(await refusal("binance")).to.equal(
        "The setting PRICE_FEED=exchange:binance cannot be used: it needs ccxt, which is not installed (npm install ccxt).",
      );
    });
  });

  describe("with ccxt, against a server that speaks Binance's protocol", () => {
    let server: ExchangeServer;
    const stop = new AbortController();
    const ticks: Tick[] = [];
    let restarts = 0;
    let running: Promise<void> | undefined;

    before(async function () {
      if (!(await isInstalled())) {
        process.stdout.write("    skipped: ccxt is not installed (npm install --no-save ccxt)\n");
        return this.skip();
      }
      server = await startExchangeServer([
        ["BTC", "USDT"],
        ["BTC", "USDC"],
        ["ETH", "USDC"],
        ["ETH", "BTC"],
      ]);
      const context: FeedContext = {
        symbols: ["BTC", "ETH", "ETH/BTC", "NOWHERE"],
        signal: stop.signal,
        emit: (batch) => ticks.push(...batch),
        drop: () => {},
        lastKnown: () => undefined,
      };
      running = runFeed(
        exchangeFeed("binance", server.settings),
        context,
        createLogger("silent"),
        () => restarts++,
      );
    });
    after(async () => {
      stop.abort();
      await running;
      await server?.stop();
    });

    const areSubscribed = () => eventually(async () => server.streams().length === 3);

    it("watches each symbol that the exchange lists, against the first quote currency it has", async () => {
      await areSubscribed();
      expect(server.streams().sort()).to.deep.equal(["btcusdt@trade", "ethbtc@trade", "ethusdc@trade"]);
    });

    it("hands over each trade, with its time and amount, under our symbol", async () => {
      await areSubscribed();
      const now = Date.now();
      server.trade("BTCUSDT", "65000.01000000", "0.00012000", now);
      server.trade("BTCUSDT", "65000.02000000", "1.50000000", now + 1);
      await eventually(async () => ticks.length === 2);
      server.trade("ETHUSDC", "3200.50000000", "2.00000000", now + 2);
      await eventually(async () => ticks.length === 3);
      server.trade("ETHBTC", "0.04920000", "3.00000000", now + 3);
      await eventually(async () => ticks.length === 4);
      expect(ticks).to.deep.equal([
        { symbol: "BTC", price: 65_000.01, volume: 0.00012, tradedAt: now },
        { symbol: "BTC", price: 65_000.02, volume: 1.5, tradedAt: now + 1 },
        { symbol: "ETH", price: 3200.5, volume: 2, tradedAt: now + 2 },
        { symbol: "ETH/BTC", price: 0.0492, volume: 3, tradedAt: now + 3 },
      ]);
    });

    it("loses none of many trades that come at one moment, and keeps their order", async () => {
      await areSubscribed();
      const before = ticks.length;
      const now = Date.now();
      for (let index = 0; index < 50; index++) {
        server.trade("BTCUSDT", String(65_000 + index), "1", now + index);
        server.trade("ETHUSDC", String(3200 + index), "1", now + index);
      }
      await eventually(async () => ticks.length >= before + 100);
      const prices = (wanted: string) =>
        ticks.slice(before).flatMap(({ symbol, price }) => (symbol === wanted ? price : []));
      const rising = (from: number) => Array.from({ length: 50 }, (_, index) => from + index);
      expect(prices("BTC")).to.deep.equal(rising(65_000));
      expect(prices("ETH")).to.deep.equal(rising(3200));
    });

    it("connects again when the connection is cut", async () => {
      await areSubscribed();
      server.cut();
      await eventually(async () => restarts > 0);
      await areSubscribed();
      const before = ticks.length;
      server.trade("ETHUSDC", "3201.00000000", "1.00000000", Date.now());
      await eventually(async () => ticks.length > before);
      expect(ticks.at(-1)).to.include({ symbol: "ETH", price: 3201 });
    });

    it("stops the start with a sentence where ccxt does not know the exchange", async () => {
      expect(await refusal("constructor")).to.equal(
        "The setting PRICE_FEED=exchange:constructor cannot be used: ccxt has no WebSocket exchange of that name.",
      );
    });
  });
});
