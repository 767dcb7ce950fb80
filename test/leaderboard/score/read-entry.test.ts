import { expect } from "chai";
import fc from "fast-check";
import { toUnits } from "../../../src/contracts/units.ts";
import { readBalance, readHoldings, readTrade } from "../../../src/leaderboard/score/read-entry.ts";
import { completeTrade, tradeText } from "../../../src/trades/trade-text.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  // Texts that look like what is looked for.
  fc.constantFrom('","pnl":99,"status":"open","timestamp":"', '\\",\\"pnl\\":7,', "{}", '"', "\\"),
);

describe("reading what counts of a tape entry", () => {
  it("finds a trade's own fields whatever its texts hold", () => {
    fc.assert(
      fc.property(
        fc.record({
          id: text,
          model: text,
          note: text,
          meta: fc.dictionary(text, text),
          closed: fc.boolean(),
        }),
        ({ id, model, note, meta, closed }) => {
          const trade = completeTrade({
            ...{ id, model, note, meta, symbol: "BTC", side: "sell", qty: "1.5", price: "2", pnl: "-0.25" },
            ...{ status: closed ? "closed" : "open", fee: "0.5", timestamp: "2026-01-02T00:00:00.000Z" },
            ...(closed && { exit_price: "2.1", closed_at: "2026-01-03T00:00:00.000Z" }),
            opened_at: "2026-01-02T12:00:00.000Z",
          });
          const time = Date.UTC(2026, 0, closed ? 3 : 2);
          expect(readTrade({ body: tradeText(trade) })).to.deep.equal({
            timestamp: Date.UTC(2026, 0, 2),
            time,
            closed: closed
              ? {
                  ...{ id, time, isLong: false, pnl: toUnits("-0.25"), fee: toUnits("0.5") },
                  ...{ notional: toUnits("3", 36), gross: toUnits("-0.15", 36), heldMs: 43_200_000n },
                }
              : null,
          });
        },
      ),
    );
  });

  it("reads other spellings of the same records too", () => {
    const spaced = `{ "pnl" : 1.50, "fee": 0.1, "qty":2, "price" : 5, "side":"buy", "id":"x", "status":"closed", "closed_at":null, "timestamp":"2026-01-02T00:00:00Z" }`;
    expect(readTrade({ body: spaced })).to.deep.include({
      time: Date.UTC(2026, 0, 2),
      closed: {
        ...{ id: "x", time: Date.UTC(2026, 0, 2), isLong: true, pnl: toUnits("1.5"), fee: toUnits("0.1") },
        ...{ notional: toUnits("10", 36), gross: toUnits("1.6", 36), heldMs: null },
      },
    });
    expect(readBalance({ body: `{"balance": 12.5, "model":"a"}` })).to.equal(toUnits("12.5"));
    expect(readHoldings(`{"model":"a","balance":0.10,"positions":[]}`)).to.deep.equal({
      balance: "0.10",
      positions: [],
    });
  });

  it("refuses what is no record", () => {
    for (const body of ["{}", "[]", `{"pnl":1e9,"fee":0,"status":"closed","timestamp":"2026"}`]) {
      expect(() => readTrade({ body })).to.throw(Error);
    }
  });
});
