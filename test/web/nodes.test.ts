import { expect } from "chai";
import { eventually } from "../support/eventually.ts";
import { aTrade } from "../support/http.ts";
import { useWall } from "./wall.ts";

/** So few that most rows in sight stay there and move down: what is kept of a row outlives the list that it was made in. */
const BATCH = 5;
const FIRST = 100;
const TRADES = 1_000;

describe("/live over a thousand trades", () => {
  const wall = useWall();

  it("keeps the nodes and listeners of the rows in sight, and of none that went by", async () => {
    const seen = (id: string) => wall.page.locator(`[data-trade="${id}"]`).waitFor();
    const bring = async (from: number, count: number) => {
      for (let next = from; next < from + count; next += BATCH) {
        const trades = Array.from({ length: BATCH }, (_, index) =>
          aTrade({ id: `many-${next + index}`, note: `note ${next + index}` }),
        );
        await wall.send("/api/trades/bulk", { trades });
        // Each batch is drawn before the next one comes.
        await seen(`many-${next + BATCH - 1}`);
      }
    };
    await wall.open("/live");
    const cdp = await wall.page.context().newCDPSession(wall.page);
    const held = async () => {
      await cdp.send("HeapProfiler.collectGarbage");
      const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
      return { nodes, listeners: jsEventListeners };
    };
    await bring(0, FIRST);
    const before = await held();
    await bring(FIRST, TRADES);
    // What a row leaves behind for a moment, its light for one, may take a while to go.
    const after = await eventually(async () => {
      const now = await held();
      return now.nodes < 2 * before.nodes && now.listeners < 2 * before.listeners && now;
    });
    expect(after.nodes).to.be.lessThan(2 * before.nodes);
  });
});
