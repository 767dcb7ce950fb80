import { expect } from "chai";
import fc from "fast-check";
import { isLosslessNumber, parse } from "lossless-json";
import { quoteDecimals } from "../../src/platform/http/quote-decimals.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom('"qty":5,', '\\"price":1', "qty", '"meta":{', '}"', "\\", '{"fee":'),
);
const number = fc.constantFrom("0", "-1.5", "12345678901234567890.000000000000000001", "1e-7");
const ours = fc.constantFrom("qty", "price", "pnl", "score", "starting_balance");
const notOurs = fc.constantFrom("seq", "count", "rank", "quantity");
const written = (value: string) => JSON.stringify(value);

/** JSON as this service writes it, with meta of any shape in it. */
const json = fc.letrec((tie) => ({
  meta: fc
    .dictionary(fc.oneof(text, ours), fc.oneof(text.map(written), number, tie("meta").map(String)))
    .map((object) => `{${Object.entries(object).map(([key, value]) => `${written(key)}:${value}`)}}`),
  record: fc
    .tuple(
      fc.array(fc.tuple(ours, number), { maxLength: 3 }),
      fc.array(fc.tuple(notOurs, number), { maxLength: 2 }),
      fc.array(fc.tuple(fc.constantFrom("note", "id", "text"), text.map(written)), { maxLength: 2 }),
      fc.option(tie("meta")),
    )
    .map(([decimals, others, texts, meta]) => {
      const members = new Map([...decimals, ...others, ...texts]);
      const last = meta === null ? "null" : String(meta);
      return `{${[...[...members].map(([key, value]) => `"${key}":${value}`), `"meta":${last}`].join(",")},"fee":1.50}`;
    }),
}));

function quoted(value: unknown): unknown {
  if (isLosslessNumber(value)) return Number(value.toString());
  if (Array.isArray(value)) return value.map(quoted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const isDecimal = /^(qty|price|pnl|score|starting_balance|fee)$/.test(key);
      if (key === "meta")
        return [
          key,
          JSON.parse(
            JSON.stringify(inner, (_, one) => (isLosslessNumber(one) ? Number(one.toString()) : one)),
          ),
        ];
      return [key, isLosslessNumber(inner) && isDecimal ? inner.toString() : quoted(inner)];
    }),
  );
}

describe("decimals as exact strings", () => {
  it("are the contract's fields and nothing else, whatever texts and meta hold", () => {
    fc.assert(
      fc.property(fc.array(json.record, { maxLength: 4 }), (records) => {
        const page = `{"trades":[${records.join(",")}],"count":${records.length}}`;
        expect(JSON.parse(quoteDecimals(page))).to.deep.equal(quoted(parse(page)));
      }),
      { numRuns: 500 },
    );
  });
});
