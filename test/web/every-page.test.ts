import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect } from "chai";
import { type FeedServer, rss, startFeedServer } from "../news/feed-server.ts";
import { get } from "../support/http.ts";
import { useWall } from "./wall.ts";

const MODELS = ["gpt-5", "claude-sonnet-4-5", "gemini-2.5-pro"];
const SYMBOLS = ["BTC", "ETH", "SOL"];
const PAGES = ["/live", "/leaderboard", "/portfolio", "/portfolio?model=gpt-5", "/market", "/news"];
const SHAPES = [
  { colorScheme: "dark", viewport: { width: 1920, height: 1080 } },
  { colorScheme: "light", viewport: { width: 360, height: 740 } },
] as const;

describe("every page", () => {
  // The wall reads these when it starts, after the feed's server.
  const settings: Record<string, string> = { NEWS_ALLOW_LOOPBACK: "true" };
  let feeds: FeedServer;
  let axe: string;
  before(async () => {
    feeds = await startFeedServer();
    const date = new Date().toUTCString();
    feeds.on(
      "/feed",
      rss("The Courier", [{ title: "Bitcoin rallies", link: "https://courier.test/1", date }]),
    );
    settings.NEWS_FEEDS = feeds.url("/feed");
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  });
  after(() => feeds.stop());
  const wall = useWall(settings);

  /** Resolves when the page shows what it has and its charts are drawn. */
  const settled = async (path: string) => {
    await wall.open(path);
    await wall.page.locator(".waiting").waitFor({ state: "detached" });
    const charts = wall.page.locator(".drawing");
    for (let at = 0; at < (await charts.count()); at++)
      await charts.nth(at).locator("canvas").first().waitFor();
  };
  const faults = async () => {
    await wall.page.evaluate(axe);
    const { violations } = await wall.page.evaluate<AxeResults>("axe.run()");
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  };
  const fill = async () => {
    for (const [at, symbol] of SYMBOLS.entries()) {
      const prices = [30, 20, 10, 0].map((minutes) => ({
        symbol,
        price: 100 + at * 50 + minutes,
        timestamp: new Date(Date.now() - minutes * 60_000).toISOString(),
      }));
      await wall.send("/api/market/prices", { prices });
    }
    for (const [at, model] of MODELS.entries()) {
      for (const [n, symbol] of SYMBOLS.entries()) {
        const note = n === 0 ? "A reason that is longer than its column is wide. ".repeat(4) : undefined;
        await wall.trade({ model, symbol, price: 100, pnl: (n - 1) * 40 - at, note });
      }
      const positions = [{ symbol: "BTC", qty: 1 - at, avg_price: 101 }];
      if (at < 2) await wall.send("/api/portfolio", { model, positions });
      await wall.send("/api/sentiment", { text: "Bitcoin surges", symbol: "BTC", model });
    }
    await get(`${wall.url}/api/news?refresh=true`);
  };
  const check = (path: string, shapes: readonly (typeof SHAPES)[number][]) => async () => {
    for (const shape of shapes) {
      await wall.reopen(shape);
      await settled(path);
      expect(await faults(), shape.colorScheme).to.deep.equal([]);
      expect(await wall.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).to.equal(true);
      expect(await wall.shifts(), "layout shift").to.be.below(0.05);
      expect(wall.complaints).to.deep.equal([]);
      expect(wall.otherHosts).to.deep.equal([]);
    }
  };

  describe("of an empty playground", () => {
    for (const path of PAGES.filter((page) => !page.includes("?"))) {
      it(
        `${path} has no serious fault, keeps its place and its policy, and asks no other host`,
        check(path, SHAPES.slice(1)),
      );
    }
  });

  describe("of a playground in use", () => {
    before(fill);
    for (const path of PAGES) {
      it(
        `${path} has no serious fault, keeps its place and its policy, and asks no other host`,
        check(path, SHAPES),
      );
    }

    for (const path of PAGES) {
      it(`${path} is transferred in less than 150 kB`, async () => {
        const session = await wall.page.context().newCDPSession(wall.page);
        await session.send("Network.enable");
        const kinds = new Map<string, string>();
        let bytes = 0;
        session.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
        session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
          const kind = kinds.get(requestId) ?? "";
          if (["Document", "Script", "Stylesheet"].includes(kind)) bytes += encodedDataLength;
        });
        await settled(path);
        expect(bytes).to.be.within(10_000, 149_999);
      });
    }
  });

  it("is sent with a policy that runs and styles nothing inline, and may not be framed", async () => {
    const { headers } = await get(`${wall.url}/live`);
    const policy = headers.get("content-security-policy") ?? "";
    for (const directive of [
      ...["default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"],
      ...["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"],
    ]) {
      expect(policy.split(";")).to.include(directive);
    }
    expect(headers.get("x-content-type-options")).to.equal("nosniff");
    expect(headers.get("referrer-policy")).to.equal("no-referrer");
  });

  it("leads to all others, and / to the first", async () => {
    await wall.open("/");
    expect(new URL(wall.page.url()).pathname).to.equal("/live");
    for (const name of ["Leaderboard", "Portfolios", "Market", "News", "Live"]) {
      await wall.page.getByRole("navigation").getByRole("link", { name }).click();
      await wall.isLive();
      expect(await wall.page.locator('nav [aria-current="page"]').textContent()).to.equal(name);
    }
  });

  it("is sent as it is to a client that takes no compression", async () => {
    const plain = await get<string>(`${wall.url}/live`, { "accept-encoding": "identity" });
    expect(plain.headers.get("content-encoding")).to.equal(null);
    expect(plain.body).to.include("<title>Live trades");
    const packed = await get<string>(`${wall.url}/live`, { "accept-encoding": "gzip" });
    expect(packed.headers.get("content-encoding")).to.equal("gzip");
    expect(packed.headers.get("content-type")).to.include("text/html");
    expect(packed.body).to.equal(plain.body);
  });
});
