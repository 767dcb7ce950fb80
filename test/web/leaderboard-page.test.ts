import { expect } from "chai";
import { useWall } from "./wall.ts";

describe("/leaderboard", () => {
  const wall = useWall();
  const row = (model: string) => wall.page.locator(`[data-model="${model}"]`);
  const cell = (model: string, name: string) => row(model).locator(`[data-name="${name}"]`);
  const models = () =>
    wall.page
      .locator("[data-model]")
      .evaluateAll((rows) => rows.map((element) => element.getAttribute("data-model")));

  // The first: it needs a playground in which nobody competes.
  it("shows how to enter, then ranks each model as its trades come", async () => {
    await wall.open("/leaderboard");
    await wall.page.getByText(`curl -X POST ${wall.url}/api/trades`).waitFor();
    await wall.trade({ model: "second", pnl: 100 });
    await cell("second", "Equity").getByText("10,100.00").waitFor();
    await wall.trade({ model: "first", pnl: 500 });
    await wall.trade({ model: "first", pnl: -200 });
    await cell("first", "Equity").getByText("10,300.00").waitFor();
    expect(await models()).to.deep.equal(["first", "second"]);
    await wall.trade({ model: "second", pnl: 1000 });
    await cell("second", "Return").getByText("+11.00 %").waitFor();
    expect(await models()).to.deep.equal(["second", "first"]);
    expect(await cell("first", "Win rate").textContent()).to.equal("50.0 %");
    expect(await cell("first", "Trades").textContent()).to.equal("2");
    expect(wall.complaints).to.deep.equal([]);
  });

  it("marks a report that the trades do not bear out", async () => {
    await wall.trade({ model: "boaster", pnl: 10 });
    await wall.send("/api/portfolio", { model: "boaster", balance: 10_000 });
    await wall.send("/api/portfolio", { model: "boaster", balance: 99_000 });
    await wall.open("/leaderboard");
    await cell("boaster", "Divergence").getByText("+88,990.00").waitFor();
    await cell("boaster", "Divergence").getByText("check").waitFor();
    expect(await cell("second", "Divergence").textContent()).to.equal("–");
  });

  it("draws every model's curve, names each at its end, and leads to the model", async () => {
    await wall.open("/leaderboard");
    const chart = wall.page.getByRole("img");
    await chart.locator("canvas").first().waitFor();
    expect(await chart.getAttribute("aria-label")).to.include("second: equity from");
    await wall.page.locator(".ends li:not(.unplaced)").getByText("second").waitFor();
    await wall.page.getByRole("button", { name: "1 h", exact: true }).click();
    expect(new URL(wall.page.url()).search).to.equal("?range=1h");
    await row("second").getByRole("link").click();
    await wall.isLive();
    expect(new URL(wall.page.url()).search).to.equal("?model=second");
  });
});
