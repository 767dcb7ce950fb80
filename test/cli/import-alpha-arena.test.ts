import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { Decimal } from "decimal.js";
import { alphaArena } from "../../src/cli/import/alpha-arena.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { ALL_TRADES, newFolder, runImport, type StoredTrade, whyNot } from "./import-run.ts";

const REAL_FILE = "../shared/data/alpha-arena-2025-10-26/trades.json";

const aFill = (fields: Record<string, unknown> = {}) => ({
  id: "gpt-5_1",
  model_id: "gpt-5",
  symbol: "XRP",
  side: "long",
  quantity: 1818,
  entry_price: 2.499,
  exit_price: 2.6463,
  entry_time: 1761314029.249,
  exit_time: 1761418991.842,
  realized_net_pnl: 264.176789,
  total_commission_dollars: 3.741711,
  leverage: 1,
  entry_tid: 236046654097081,
  exit_tid: 1009375947925348,
  ...fields,
});

describe("import alpha-arena", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let DATABASE_URL: string;
  beforeEach(async () => {
    folder = await newFolder();
    DATABASE_URL = await newDatabase();
  });
  afterEach(() => folder.remove());
  const stored = () => query<StoredTrade>(DATABASE_URL, ALL_TRADES);
  const importJson = async (content: unknown, ...more: string[]) => {
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
    const file = await folder.write("trades.json", text);
    return await runImport(["alpha-arena", file, ...more], { DATABASE_URL });
  };

  describe("with season 1 as the API answered it", () => {
    before(function () {
      if (existsSync(REAL_FILE)) return;
      process.stdout.write(`    skipped: ${REAL_FILE} is not there\n`);
      this.skip();
    });

    it("imports 230 trades of six models once, whose sums are those of the file", async () => {
      const first = await runImport(["alpha-arena", REAL_FILE], { DATABASE_URL });
      expect(first.code, first.stderr).to.equal(0);
      expect(first.counts).to.deep.equal({ new: 230, repeated: 0, repaired: 0, refused: 0 });
      const second = await runImport(["alpha-arena", REAL_FILE], { DATABASE_URL });
      expect(second.counts).to.deep.equal({ new: 0, repeated: 230, repaired: 0, refused: 0 });

      // The numbers as text, so that the sum expected here never was a double either.
      const text = readFileSync(REAL_FILE, "utf8");
      const field = (name: string) =>
        [...text.matchAll(new RegExp(`"${name}": "?([^",\\s]+)`, "g"))].map(([, value]) => value as string);
      const expected = sumByModel(
        field("model_id"),
        field("realized_net_pnl"),
        field("total_commission_dollars"),
      );
      const sums = await query<{ model: string; pnl: string; fee: string; trades: number }>(
        DATABASE_URL,
        "SELECT model, sum(pnl)::text AS pnl, sum(fee)::text AS fee, count(*)::int AS trades FROM trades GROUP BY model",
      );
      expect(sums).to.have.length(6);
      for (const { model, pnl, fee, trades } of sums) {
        const sum = expected.get(model);
        expect(new Decimal(pnl).eq(sum?.pnl ?? Number.NaN), `${model}: ${pnl}, not ${sum?.pnl}`).to.equal(
          true,
        );
        expect(new Decimal(fee).eq(sum?.fee ?? Number.NaN), `${model}: ${fee}, not ${sum?.fee}`).to.equal(
          true,
        );
        expect(trades).to.equal(sum?.trades);
      }
    });

    it("puts them on the tape in the order in which they were closed", async () => {
      await runImport(["alpha-arena", REAL_FILE], { DATABASE_URL });
      const trades = await stored();
      expect(trades.map((trade) => trade.seq)).to.deep.equal(trades.map((_, index) => index + 1));
      const times = trades.map((trade) => trade.timestamp.getTime());
      expect(times).to.deep.equal([...times].sort((a, b) => a - b));
      const tape = await query<{ seq: number; id: string }>(
        DATABASE_URL,
        "SELECT seq::int, data->>'id' AS id FROM tape ORDER BY seq",
      );
      expect(tape).to.deep.equal(trades.map(({ seq, id }) => ({ seq, id })));
    });
  });

  it("maps a fill to a trade, with its decimals as they stand in the file", async () => {
    const text = JSON.stringify({ trades: [aFill({ side: "short", quantity: -7, confidence: 0.75 })] })
      .replace('"quantity":-7', '"quantity":-15.479999999999999123')
      .replace('"realized_net_pnl":264.176789', '"realized_net_pnl":-12345678901234567.000000000000000001');
    const { code, counts, stderr } = await importJson(text);
    expect(code, stderr).to.equal(0);
    expect(counts).to.deep.equal({ new: 1, repeated: 0, repaired: 0, refused: 0 });
    expect(await stored()).to.deep.equal([
      {
        id: "gpt-5_1",
        seq: 1,
        model: "gpt-5",
        symbol: "XRP",
        side: "sell",
        qty: "15.479999999999999123",
        price: "2.499",
        pnl: "-12345678901234567.000000000000000001",
        status: "closed",
        timestamp: new Date("2025-10-25T19:03:11.842Z"),
        exit_price: "2.6463",
        fee: "3.741711",
        leverage: "1",
        opened_at: new Date("2025-10-24T13:53:49.249Z"),
        closed_at: new Date("2025-10-25T19:03:11.842Z"),
        note: null,
        meta: { entry_tid: "236046654097081", exit_tid: "1009375947925348", confidence: "0.75" },
      },
    ]);
  });

  it("writes exponents out and rounds half to even beyond 18 decimals, and counts such rows as repaired", async () => {
    const text = JSON.stringify([aFill(), aFill({ id: "b" })])
      .replace('"total_commission_dollars":3.741711', '"total_commission_dollars":1.25e-7')
      .replace('"realized_net_pnl":264.176789', '"realized_net_pnl":0.0000000000000000025')
      .replace('"leverage":1,', '"leverage":0.0000000000000000035,');
    const { counts } = await importJson(text);
    expect(counts).to.deep.equal({ new: 2, repeated: 0, repaired: 1, refused: 0 });
    const [first] = await stored();
    expect(first).to.include({
      id: "gpt-5_1",
      fee: "0.000000125",
      pnl: "0.000000000000000002",
      leverage: "0.000000000000000004",
    });
  });

  it("names the line and the reason of each row that it refuses, and takes the rest", async () => {
    const file = [
      "{",
      '  "note": "a \\"trades\\": [ in a text does not count",',
      '  "trades": [',
      `    ${JSON.stringify(aFill())},`,
      `    ${JSON.stringify(aFill({ id: "no-side", side: "up" }))},`,
      "    7,",
      `    ${JSON.stringify(aFill({ id: "b" })).replaceAll(",", ",\n")},`,
      `    ${JSON.stringify(aFill({ id: "zero", quantity: 0 }))}, ${JSON.stringify(aFill({ id: "open", exit_price: null }))}`,
      "  ]",
      "}",
    ].join("\n");
    const report = `${folder.path}/report.json`;
    const { code, counts, stdout } = await importJson(file, "--report", report);
    expect(code).to.equal(2);
    expect(counts).to.deep.equal({ new: 2, repeated: 0, repaired: 0, refused: 4 });
    const line = 7 + Object.keys(aFill()).length;
    const rows = [
      { line: 5, id: "no-side", reason: 'side must be buy or sell, not "up"' },
      { line: 6, reason: "must be an object" },
      { line, id: "zero", reason: 'qty (quantity) must be greater than 0, not "0"' },
      { line, reason: "exit_price is required: closed trades are expected" },
    ];
    for (const row of rows) expect(stdout).to.include(`    line ${row.line}: ${row.reason}\n`);
    const written = JSON.parse(readFileSync(report, "utf8"));
    expect(written).to.include({ new: 2, repeated: 0, repaired: 0, refused: 4 });
    expect(written.rows).to.deep.equal(rows);
  });

  it("says in one sentence what is wrong with a file", async () => {
    const cases: [string | Buffer, string][] = [
      ["", "is empty"],
      ["{", "is not valid JSON"],
      ["[".repeat(200_000), "is nested too deeply"],
      ['"trades"', "holds no trades"],
      ['{"trades": {}}', "holds no trades"],
      [Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80]), "is not UTF-8 text"],
    ];
    for (const [content, expected] of cases) {
      const file = await folder.write("bad.json", content);
      const sentence = await whyNot(alphaArena, file, DATABASE_URL);
      expect(sentence)
        .to.include(expected)
        .and.match(/^[^\n]+\.$/);
    }
  });
});

function sumByModel(models: string[], pnls: string[], fees: string[]) {
  const sums = new Map<string, { pnl: Decimal; fee: Decimal; trades: number }>();
  models.forEach((model, index) => {
    const { pnl, fee, trades } = sums.get(model) ?? { pnl: new Decimal(0), fee: new Decimal(0), trades: 0 };
    sums.set(model, {
      pnl: pnl.plus(pnls[index] ?? ""),
      fee: fee.plus(fees[index] ?? ""),
      trades: trades + 1,
    });
  });
  return sums;
}
