import { expect } from "chai";
import { useWall } from "./wall.ts";

describe("/market", () => {
  const wall = useWall();
  const tile = (symbol: string) => wall.page.locator(".tile").filter({ hasText: symbol });
  const prices = (symbol: string, ...values: [price: number, timestamp: string][]) =>
    wall.send("/api/market/prices", {
      prices: values.map(([price, timestamp]) => ({ symbol, price, timestamp, volume: 2 })),
    });
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

  // The first: it needs a playground without prices.
  it("shows how to bring prices, then each symbol's last day as prices come", async () => {
    await wall.open("/market");
    await wall.page.getByText(`curl -X POST ${wall.url}/api/market/prices`).waitFor();
    await prices("BTC", [60_000, minutesAgo(30)], [66_000, minutesAgo(20)], [63_000, minutesAgo(0)]);
    await tile("BTC").getByText("63,000.00").waitFor();
    await tile("BTC").getByText("+5.00 %").waitFor();
    expect(await tile("BTC").textContent())
      .to.include("High 66,000.00")
      .and.include("Low 60,000.00");
    await prices("BTC", [66_600, minutesAgo(0)]);
    await tile("BTC").getByText("+11.00 %").waitFor();
    await tile("BTC").getByText("High 66,600.00").waitFor();
    expect(wall.complaints).to.deep.equal([]);
  });

  it("shows the candles of the symbol and length that were chosen, and keeps the choice in the address", async () => {
    await prices("ETH", [3000, minutesAgo(30)], [3100, minutesAgo(20)], [3050, minutesAgo(0)]);
    await wall.open("/market");
    const chart = wall.page.getByRole("img");
    await chart.locator("canvas").first().waitFor();
    await tile("ETH").click();
    await wall.page.getByRole("button", { name: "5m" }).click();
    await wall.page.locator('[aria-label^="ETH: 3 candles of 5m"]').waitFor();
    await wall.page.reload();
    await wall.page.locator('[aria-label^="ETH: 3 candles of 5m"]').waitFor();
    expect(await chart.getAttribute("aria-label")).to.include("highest 3,100.00, lowest 3,000.00");
    await prices("ETH", [3200, minutesAgo(0)]);
    await wall.page.locator('[aria-label*="highest 3,200.00"]').waitFor();
    expect(wall.complaints).to.deep.equal([]);
  });
});
