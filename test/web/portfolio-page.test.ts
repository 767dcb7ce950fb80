import { expect } from "chai";
import { get } from "../support/http.ts";
import { useWall } from "./wall.ts";

describe("/portfolio", () => {
  const wall = useWall();
  const card = (model: string) => wall.page.getByRole("article", { name: model });

  // The first: it needs a playground in which nobody has reported.
  it("shows what a model holds, and follows its reports and the prices", async () => {
    await wall.open("/portfolio");
    await wall.page.getByText(`curl -X POST ${wall.url}/api/portfolio`).waitFor();
    await wall.send("/api/portfolio", {
      model: "alpha",
      balance: 10_000,
      positions: [
        { symbol: "BTC", qty: 0.5, avg_price: 60_000 },
        { symbol: "ETH", qty: -2, avg_price: 3000 },
      ],
    });
    const alpha = card("alpha");
    await alpha.getByText("stale").waitFor();
    await wall.send("/api/market/prices", {
      prices: [
        { symbol: "BTC", price: 61_000 },
        { symbol: "ETH", price: 3100 },
      ],
    });
    // 10,000 + 0.5 × 1,000 − 2 × 100
    await alpha.locator(".equity").getByText("10,300.00").waitFor();
    await alpha.locator(".sums").getByText("+300.00").waitFor();
    await alpha.getByText("stale").waitFor({ state: "detached" });
    const positions = await alpha.locator("tbody tr").allTextContents();
    expect(positions).to.deep.equal([
      "BTC long0.560,000.0061,000.00▲+500.00",
      "ETH short−23,000.003,100.00▼−200.00",
    ]);
    await wall.send("/api/portfolio", { model: "alpha", balance: 12_345.67, positions: [] });
    await alpha.getByText("No open position").waitFor();
    await alpha.locator(".equity").getByText("12,345.67").waitFor();
    const valued = await get<{ equity: number }>(`${wall.url}/api/portfolio?model=alpha`);
    expect(valued.body.equity).to.equal(12_345.67);
    expect(wall.complaints).to.deep.equal([]);
  });

  it("shows a model that only trades with what its trades add up to", async () => {
    await wall.trade({ model: "trader", pnl: 250 });
    await wall.open("/portfolio");
    const trader = card("trader");
    await trader.locator(".equity").getByText("10,250.00").waitFor();
    await trader.getByText("No portfolio reported").waitFor();
    const chart = wall.page.getByRole("img");
    await chart.locator("canvas").first().waitFor();
    expect(await chart.getAttribute("aria-label")).to.include("trader: equity from");
  });

  it("shows one model in full: positions, curve, trades on the candles, analytics, and each new trade", async () => {
    const model = "gamma & Söhne/7";
    await wall.send("/api/market/prices", { prices: [{ symbol: "SOL", price: 150 }] });
    await wall.send("/api/portfolio", { model, positions: [{ symbol: "SOL", qty: 10, avg_price: 140 }] });
    await wall.trade({ id: "g1", model, symbol: "SOL", qty: 2, price: 149, pnl: 30 });
    await wall.open("/portfolio");
    await card(model).getByRole("link").click();
    await wall.isLive();
    expect(new URL(wall.page.url()).searchParams.get("model")).to.equal(model);
    const part = (name: string) => wall.page.getByRole("region", { name });
    await part("Positions").getByText("+100.00").waitFor();
    await part("Trades on the candles").getByRole("img").locator("canvas").first().waitFor();
    await part("Trades on the candles").getByText("Arrows: entries").waitFor();
    await part("Analytics").getByText("Closed trades1", { exact: true }).waitFor();
    await wall.trade({ id: "g2", model, symbol: "SOL", side: "sell", price: 151, pnl: -10 });
    await part("Latest trades").locator('[data-trade="g2"]').getByText("−10.00").waitFor();
    await part("Analytics").getByText("Closed trades2", { exact: true }).waitFor();
    expect(await part("Analytics").textContent()).to.include("Win rate50.0 %");
    expect(wall.complaints).to.deep.equal([]);
  });

  it("says so where nobody has heard of the model", async () => {
    await wall.open("/portfolio?model=nobody");
    await wall.page.getByRole("region", { name: "Latest trades" }).getByText("No trade yet.").waitFor();
    await wall.page
      .getByRole("region", { name: "Analytics" })
      .getByText("This model has reported no portfolio and no trade.")
      .waitFor();
  });

  it("shows old values until the server is back, then the reports of the meantime", async () => {
    await wall.send("/api/portfolio", { model: "delta", balance: 10_000, positions: [] });
    await wall.open("/portfolio");
    const equity = card("delta").locator(".equity");
    await equity.getByText("10,000.00").waitFor();
    await wall.kill();
    await equity.getByText("10,000.00").waitFor();
    await wall.restart();
    await wall.send("/api/portfolio", { model: "delta", balance: 11_000 });
    await wall.send("/api/portfolio", { model: "epsilon", balance: 9000 });
    await equity.getByText("11,000.00").waitFor();
    await card("epsilon").waitFor();
  });
});
