import { expect } from "chai";
import { aTrade, post } from "../support/http.ts";
import { useWall } from "./wall.ts";

describe("a page before a playground that has frozen", () => {
  const wall = useWall();

  it("says that it is silent and greys what is old, then is live again with the trades of the meantime", async () => {
    await wall.trade({ id: "before", model: "frozen" });
    await wall.open("/live?model=frozen");
    await wall.page.locator('[data-trade="before"]').waitFor();
    const second = await wall.startSecond();
    wall.freeze();
    try {
      await wall.page.getByRole("status").getByText("Silent").waitFor();
      await wall.page.locator(".page.aged").waitFor();
      const opacity = await wall.page.evaluate<string>(
        "getComputedStyle(document.querySelector('main')).opacity",
      );
      expect(Number(opacity)).to.be.lessThan(1);
      const { status } = await post(`${second.url}/api/trades`, aTrade({ id: "meantime", model: "frozen" }));
      expect(status).to.equal(201);
    } finally {
      wall.thaw();
    }
    await wall.isLive();
    await wall.page.locator('[data-trade="meantime"]').waitFor();
    expect(await wall.page.locator(".page.aged").count()).to.equal(0);
  });
});
