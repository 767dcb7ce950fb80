import { expect } from "chai";
import { eventually } from "../support/eventually.ts";
import { aTrade, patch, post } from "../support/http.ts";
import { useWall } from "./wall.ts";

describe("/live", () => {
  const wall = useWall();
  const row = (id: string) => wall.page.locator(`[data-trade="${id}"]`);
  const ids = () =>
    wall.page
      .locator("[data-trade]")
      .evaluateAll((rows) => rows.map((element) => element.getAttribute("data-trade")));

  // The first: it needs a playground in which nobody has traded.
  it("shows the line that makes the first trade, then that trade as it happens", async () => {
    await wall.open("/live");
    const command = await wall.page.locator("pre").textContent();
    expect(command).to.include(`curl -X POST ${wall.url}/api/trades`);
    const body = /-d '(.*)'/s.exec(command ?? "")?.[1] ?? "";
    const { status } = await post(`${wall.url}/api/trades`, body);
    expect(status).to.equal(201);
    await wall.page.getByRole("row").getByText("my-model").waitFor();
    expect(wall.complaints).to.deep.equal([]);
  });

  it("shows what was there, what comes, and of a closed trade only its latest state", async () => {
    await wall.trade({ id: "there", model: "states", status: "open" });
    await wall.open("/live?model=states");
    await row("there").getByText("open", { exact: true }).waitFor();
    await wall.trade({ id: "loss", model: "states", pnl: -3.5 });
    await row("loss").getByText("−3.50").waitFor();
    await patch(`${wall.url}/api/trades/there`, { exit_price: 65_100, pnl: 50 });
    await row("there").getByText("+50.00").waitFor();
    expect(await ids()).to.deep.equal(["there", "loss"]);
    expect(await row("there").locator(".arrow").textContent()).to.equal("▲");
    expect(await row("loss").locator(".arrow").textContent()).to.equal("▼");
  });

  it("resumes by itself after the server was killed and shows the trades of the meantime once", async () => {
    await wall.open("/live?model=resume");
    await wall.trade({ id: "before", model: "resume" });
    await row("before").waitFor();
    await wall.kill();
    await wall.restart();
    for (const id of ["meanwhile-1", "meanwhile-2", "meanwhile-3"]) await wall.trade({ id, model: "resume" });
    await wall.isLive();
    await wall.trade({ id: "after", model: "resume" });
    await row("after").waitFor();
    expect(await ids()).to.deep.equal(["after", "meanwhile-3", "meanwhile-2", "meanwhile-1", "before"]);
  });

  it("shows what was posted to another instance", async () => {
    const second = await wall.startSecond();
    await wall.open("/live?model=elsewhere");
    const trade = aTrade({ id: "elsewhere", model: "elsewhere" });
    expect((await post(`${second.url}/api/trades`, trade)).status).to.equal(201);
    await row("elsewhere").waitFor();
  });

  it("filters by model, symbol and side, keeps the filter in the address, and lets only matching trades in", async () => {
    await wall.trade({ id: "a", model: "alpha", symbol: "SOL", side: "buy" });
    await wall.trade({ id: "b", model: "beta", symbol: "XRP", side: "sell" });
    await wall.open("/live");
    await row("a").waitFor();
    await wall.page.getByLabel("Model").selectOption("beta");
    await row("a").waitFor({ state: "detached" });
    await wall.trade({ id: "c", model: "alpha", symbol: "XRP", side: "sell" });
    await wall.trade({ id: "d", model: "beta", symbol: "SOL", side: "sell" });
    await row("d").waitFor();
    expect(await ids()).to.deep.equal(["d", "b"]);
    await wall.page.getByLabel("Symbol").selectOption("XRP");
    await row("d").waitFor({ state: "detached" });
    await wall.page.reload();
    await row("b").waitFor();
    expect(await ids()).to.deep.equal(["b"]);
    await wall.page.getByLabel("Side").selectOption("buy");
    await wall.page.getByText("No trade matches these filters yet").waitFor();
    await wall.page.getByRole("button", { name: "Show all" }).click();
    await row("a").waitFor();
    expect((await ids()).slice(0, 4)).to.deep.equal(["d", "c", "b", "a"]);
  });

  it("opens a note, which is text and nothing else, with the keyboard", async () => {
    const note = `<img src=x onerror="document.title='owned'"> & "so on"`;
    await wall.trade({ id: "noted", note, model: "<b>model</b>" });
    await wall.open("/live");
    const button = row("noted").getByRole("button");
    expect(await button.getAttribute("aria-expanded")).to.equal("false");
    await button.focus();
    await wall.page.keyboard.press("Enter");
    await row("noted").locator(".details").getByText(note).waitFor();
    expect(await button.getAttribute("aria-expanded")).to.equal("true");
    expect(await row("noted").locator(".model-name").textContent()).to.equal("<b>model</b>");
    expect(await wall.page.locator("main img, main .details b").count()).to.equal(0);
    expect(await wall.page.title()).to.include("Live trades");
    expect(wall.complaints).to.deep.equal([]);
  });

  it("holds thousands of trades with a few dozen rows, and keeps the reader's place while new ones come", async () => {
    const bulk = Array.from({ length: 1000 }, (_, at) => aTrade({ id: `bulk-${at}`, model: "bulk" }));
    await wall.send("/api/trades/bulk", { trades: bulk });
    await wall.open("/live?model=bulk");
    await row("bulk-999").waitFor();
    const scroller = wall.page.locator(".scroller");
    // Older pages come as the end draws near.
    await eventually(async () => {
      await scroller.press("End");
      return (await row("bulk-0").count()) > 0;
    });
    expect((await ids()).length).to.be.below(80);
    expect(await wall.page.getByRole("table").getAttribute("aria-rowcount")).to.equal("1001");
    await row("bulk-5").scrollIntoViewIfNeeded();
    const place = async () => (await row("bulk-5").boundingBox())?.y;
    const before = await place();
    await wall.trade({ id: "newest", model: "bulk" });
    await wall.page.getByRole("button", { name: "1 new trade" }).waitFor();
    expect(await place()).to.be.closeTo(before ?? 0, 1);
    await wall.page.getByRole("button", { name: "1 new trade" }).click();
    await row("newest").waitFor();
  });

  it("says what to do where the server cannot be reached", async () => {
    await wall.page.route("**/api/trades?*", (route) => route.abort());
    await wall.open("/live?model=unreached");
    const alert = wall.page.getByRole("alert");
    await alert.getByText("The playground cannot be reached.").waitFor();
    expect(await alert.textContent()).to.include("keeps trying");
    await wall.trade({ id: "streamed", model: "unreached" });
    await wall.page.unroute("**/api/trades?*");
    await alert.waitFor({ state: "detached" });
    await row("streamed").waitFor();
  });
});
