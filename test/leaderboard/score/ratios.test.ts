import { expect } from "chai";
import { Decimal } from "decimal.js";
import fc from "fast-check";
import { ratio } from "../../../src/leaderboard/score/ratios.ts";

const Wide = Decimal.clone({ precision: 200, toExpNeg: -1e9, toExpPos: 1e9 });
const whole = fc.oneof(
  fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.integer({ min: 0, max: 59 }).map((zeros) => 10n ** BigInt(zeros)),
);

describe("a ratio", () => {
  it("is the quotient to 20 significant digits, half rounded away from zero", () => {
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        const expected =
          b === 0n
            ? null
            : new Wide(String(a))
                .div(String(b))
                .toSignificantDigits(20, Decimal.ROUND_HALF_UP)
                .plus(0)
                .toString();
        expect(ratio(a, b)).to.equal(expected === "-0" ? "0" : expected);
      }),
      { numRuns: 2_000 },
    );
    expect(ratio(15n, 10n ** 21n)).to.equal("0.000000000000000000015");
    expect(ratio(100000000000000000005n, -1n)).to.equal("-100000000000000000010");
  });
});
