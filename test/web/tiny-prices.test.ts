import { expect } from "chai";
import { useWall } from "./wall.ts";

describe("prices under a millionth", () => {
  const wall = useWall();

  it("are shown with six digits, so that two that differ do not read the same", async () => {
    await wall.trade({ id: "one", model: "tiny", symbol: "PEPE", qty: 1_000_000, price: 0.000000123456 });
    await wall.trade({ id: "two", model: "tiny", symbol: "PEPE", qty: 1_000_000, price: 0.000000123457 });
    await wall.open("/live?model=tiny");
    const priceOf = (id: string) => wall.page.locator(`[data-trade="${id}"] .price`).textContent();
    expect(await priceOf("one")).to.equal("1.23456e\u22127");
    expect(await priceOf("two")).to.equal("1.23457e\u22127");
  });
});
