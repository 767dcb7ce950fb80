import { expect } from "chai";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";
import { startChromium } from "./chromium.ts";

describe("the pages", () => {
  let browser: Browser | undefined;
  let environment: Record<string, string>;
  let instance: Instance | undefined;
  let url: string;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  let otherHosts: string[];

  before(async function () {
    browser = await startChromium(this);
    const { build } = (await import(new URL("../../bin/build.mjs", import.meta.url).href)) as {
      build: () => Promise<void>;
    };
    await build();
  });
  after(() => browser?.close());

  beforeEach(async () => {
    environment = { DATABASE_URL: await newDatabase(), PORT: String(await freePort()) };
    instance = await startInstance(environment);
    ({ url } = instance);
    context = await (browser as Browser).newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    complaints = [];
    otherHosts = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(url)) otherHosts.push(request.url());
    });
  });
  afterEach(async () => {
    await context.close();
    await instance?.stop();
  });

  const open = async (path: string) => {
    await page.goto(url + path);
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  };
  const trade = async (fields: object) => {
    const { status } = await post(`${url}/api/trades`, aTrade({ ...fields }));
    expect(status).to.equal(201);
  };
  const row = (id: string) => page.locator(`[data-trade="${id}"]`);
  const ids = () =>
    page
      .locator("[data-trade]")
      .evaluateAll((rows) => rows.map((element) => element.getAttribute("data-trade")));

  describe("/live", () => {
    it("shows the line that makes the first trade, then that trade as it happens, and complains of nothing", async () => {
      await open("/live");
      const command = await page.locator("pre").textContent();
      expect(command).to.include(`curl -X POST ${url}/api/trades`);
      const body = /-d '(.*)'/s.exec(command ?? "")?.[1] ?? "";
      const { status } = await post(`${url}/api/trades`, body);
      expect(status).to.equal(201);
      await page.getByRole("row").getByText("my-model").waitFor();
      expect(complaints).to.deep.equal([]);
      expect(otherHosts).to.deep.equal([]);
    });

    it("shows what was there, what comes, and of a closed trade only its latest state", async () => {
      await trade({ id: "there", status: "open" });
      await open("/live");
      await row("there").getByText("open", { exact: true }).waitFor();
      await trade({ id: "loss", pnl: -3.5 });
      await row("loss").getByText("−3.50").waitFor();
      await patch(`${url}/api/trades/there`, { exit_price: 65_100, pnl: 50 });
      await row("there").getByText("+50.00").waitFor();
      expect(await ids()).to.deep.equal(["there", "loss"]);
      expect(await row("there").locator(".arrow").textContent()).to.equal("▲");
      expect(await row("loss").locator(".arrow").textContent()).to.equal("▼");
    });

    it("resumes by itself after the server was killed and shows the trades of the meantime once", async () => {
      await open("/live");
      await trade({ id: "before" });
      await row("before").waitFor();
      await instance?.kill();
      await page.getByRole("status").getByText("Offline").waitFor();
      instance = await startInstance(environment);
      for (const id of ["meanwhile-1", "meanwhile-2", "meanwhile-3"]) await trade({ id });
      await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
      await trade({ id: "after" });
      await row("after").waitFor();
      expect(await ids()).to.deep.equal(["after", "meanwhile-3", "meanwhile-2", "meanwhile-1", "before"]);
    });

    it("filters by model, symbol and side, keeps the filter in the address, and lets only matching trades in", async () => {
      await trade({ id: "a", model: "alpha", symbol: "BTC", side: "buy" });
      await trade({ id: "b", model: "beta", symbol: "ETH", side: "sell" });
      await open("/live");
      await row("a").waitFor();
      await page.getByLabel("Model").selectOption("beta");
      await row("a").waitFor({ state: "detached" });
      await trade({ id: "c", model: "alpha", symbol: "ETH", side: "sell" });
      await trade({ id: "d", model: "beta", symbol: "BTC", side: "sell" });
      await row("d").waitFor();
      expect(await ids()).to.deep.equal(["d", "b"]);
      await page.getByLabel("Symbol").selectOption("ETH");
      await row("d").waitFor({ state: "detached" });
      await page.reload();
      await row("b").waitFor();
      expect(await ids()).to.deep.equal(["b"]);
      await page.getByLabel("Side").selectOption("buy");
      await page.getByText("No trade matches these filters yet").waitFor();
      await page.getByRole("button", { name: "Show all" }).click();
      await row("a").waitFor();
      expect(await ids()).to.deep.equal(["d", "c", "b", "a"]);
    });

    it("opens a note, which is text and nothing else, with the keyboard", async () => {
      const note = `<img src=x onerror="document.title='owned'"> & "so on"`;
      await trade({ id: "noted", note, model: "<b>model</b>" });
      await open("/live");
      const button = row("noted").getByRole("button");
      expect(await button.getAttribute("aria-expanded")).to.equal("false");
      await button.focus();
      await page.keyboard.press("Enter");
      await row("noted").locator(".details").getByText(note).waitFor();
      expect(await button.getAttribute("aria-expanded")).to.equal("true");
      expect(await row("noted").locator(".model-name").textContent()).to.equal("<b>model</b>");
      expect(await page.locator("main img, main b").count()).to.equal(0);
      expect(await page.title()).to.include("Live trades");
      expect(complaints).to.deep.equal([]);
    });

    it("holds thousands of trades with a few dozen rows, and keeps the reader's place while new ones come", async () => {
      const bulk = Array.from({ length: 1000 }, (_, at) => aTrade({ id: `bulk-${at}` }));
      expect((await post(`${url}/api/trades/bulk`, { trades: bulk })).status).to.equal(201);
      await open("/live");
      await row("bulk-999").waitFor();
      const scroller = page.locator(".scroller");
      // Older pages come as the end draws near.
      await eventually(async () => {
        await scroller.press("End");
        return (await row("bulk-0").count()) > 0;
      });
      expect((await ids()).length).to.be.below(80);
      expect(await page.getByRole("table").getAttribute("aria-rowcount")).to.equal("1001");
      await row("bulk-5").scrollIntoViewIfNeeded();
      const place = async () => (await row("bulk-5").boundingBox())?.y;
      const before = await place();
      await trade({ id: "newest" });
      await page.getByRole("button", { name: "1 new trade" }).waitFor();
      expect(await place()).to.be.closeTo(before ?? 0, 1);
      await page.getByRole("button", { name: "1 new trade" }).click();
      await row("newest").waitFor();
    });

    it("says what to do where the server cannot be reached", async () => {
      await page.route("**/api/trades?*", (route) => route.abort());
      await open("/live");
      const alert = page.getByRole("alert");
      await alert.getByText("The playground cannot be reached.").waitFor();
      expect(await alert.textContent()).to.include("keeps trying");
      await trade({ id: "streamed" });
      await page.unroute("**/api/trades?*");
      await alert.waitFor({ state: "detached" });
      await row("streamed").waitFor();
    });
  });

  describe("/portfolio", () => {
    it("shows what a model holds, and follows its reports and the prices", async () => {
      await open("/portfolio");
      await page.getByText(`curl -X POST ${url}/api/portfolio`).waitFor();
      await post(`${url}/api/portfolio`, {
        model: "alpha",
        balance: 10_000,
        positions: [
          { symbol: "BTC", qty: 0.5, avg_price: 60_000 },
          { symbol: "ETH", qty: -2, avg_price: 3000 },
        ],
      });
      const card = page.getByRole("article", { name: "alpha" });
      await card.getByText("stale").waitFor();
      await post(`${url}/api/market/prices`, {
        prices: [
          { symbol: "BTC", price: 61_000 },
          { symbol: "ETH", price: 3100 },
        ],
      });
      // 10,000 + 0.5 × 1,000 − 2 × 100
      await card.locator(".equity").getByText("10,300.00").waitFor();
      await card.locator(".sums").getByText("+300.00").waitFor();
      await card.getByText("stale").waitFor({ state: "detached" });
      const positions = await card.locator("tbody tr").allTextContents();
      expect(positions).to.deep.equal([
        "BTC long0.560,000.0061,000.00▲+500.00",
        "ETH short−23,000.003,100.00▼−200.00",
      ]);
      await post(`${url}/api/portfolio`, { model: "alpha", balance: 12_345.67, positions: [] });
      await card.getByText("No open position").waitFor();
      await card.locator(".equity").getByText("12,345.67").waitFor();
      const valued = await get<{ equity: number }>(`${url}/api/portfolio?model=alpha`);
      expect(valued.body.equity).to.equal(12_345.67);
      expect(await card.getByRole("img").locator("title").textContent()).to.include("alpha: equity from");
      expect(complaints).to.deep.equal([]);
      expect(otherHosts).to.deep.equal([]);
    });

    it("shows old values until the server is back, then the reports of the meantime", async () => {
      await post(`${url}/api/portfolio`, { model: "alpha", balance: 10_000 });
      await open("/portfolio");
      const equity = page.getByRole("article", { name: "alpha" }).locator(".equity");
      await equity.getByText("10,000.00").waitFor();
      await instance?.kill();
      await page.getByRole("status").getByText("Offline").waitFor();
      await equity.getByText("10,000.00").waitFor();
      instance = await startInstance(environment);
      await post(`${url}/api/portfolio`, { model: "alpha", balance: 11_000 });
      await post(`${url}/api/portfolio`, { model: "beta", balance: 9000 });
      await equity.getByText("11,000.00").waitFor();
      await page.getByRole("article", { name: "beta" }).waitFor();
      await page.getByRole("heading", { name: "Equity" }).waitFor();
    });
  });

  it("weigh under 150 kB together, all from this host, and run no inline script", async () => {
    const sizes: number[] = [];
    page.on("response", async (response) => {
      if (new URL(response.url()).pathname.startsWith("/assets/")) sizes.push((await response.body()).length);
    });
    await open("/live");
    await open("/portfolio");
    const { headers } = await get(`${url}/live`);
    expect(headers.get("content-security-policy")).to.include("default-src 'self'").and.not.include("unsafe");
    expect(sizes.length).to.be.above(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.be.below(150_000);
  });
});
