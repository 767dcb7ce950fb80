import { expect } from "chai";
import { portfolioReport } from "../../src/contracts/portfolio.ts";
import { newTrade } from "../../src/contracts/trades.ts";
import { z } from "../../src/contracts/zod.ts";
import { AppError } from "../../src/platform/errors.ts";
import { validate } from "../../src/platform/http/validate.ts";
import { aTrade } from "../support/http.ts";

/** What is said of a value that breaks its contract, by field. */
function reasons(schema: z.ZodType, value: unknown): Record<string, string> {
  try {
    validate(schema, value);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return Object.fromEntries((error.details ?? []).map(({ path, message }) => [path, message]));
  }
  return {};
}

describe("the reason why a field is refused", () => {
  it("says of a field of another type what it must be, and only of a missing one that it is required", () => {
    expect(reasons(newTrade, aTrade({ model: 5, note: 5, id: {}, meta: [], side: 1 }))).to.deep.equal({
      model: "must be a string",
      note: "must be a string",
      id: "must be a string",
      meta: "must be an object",
      side: "must be buy or sell, not 1",
    });
    expect(reasons(newTrade, {})).to.deep.equal({
      model: "is required",
      symbol: "is required",
      side: "is required",
      qty: "is required",
      price: "is required",
    });
    expect(reasons(portfolioReport, { model: "gpt-5", positions: {} })).to.deep.equal({
      positions: "must be an array",
    });
    expect(reasons(portfolioReport, [])).to.deep.equal({ "": "must be an object" });
  });

  it("says the same where schemas are not compiled", () => {
    z.config({ jitless: true });
    try {
      const plain = z.strictObject({ a: z.array(z.string()), b: z.string() });
      expect(reasons(plain, { a: {} })).to.deep.equal({ a: "must be an array", b: "is required" });
    } finally {
      z.config({ jitless: false });
    }
  });
});
