import { expect } from "chai";
import { plainTime } from "../../src/cli/import/legacy/times.ts";
import { get } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { ALL_TRADES, newFolder, runImport, type StoredTrade } from "./import-run.ts";

const HEADER = "id,model,symbol,side,qty,price,pnl,timestamp";
const TIME = "2025-01-01T00:00:00Z";

describe("import csv, of what spreadsheets and other programs make", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let DATABASE_URL: string;
  beforeEach(async () => {
    folder = await newFolder();
    DATABASE_URL = await newDatabase();
  });
  afterEach(() => folder.remove());
  const stored = () => query<StoredTrade>(DATABASE_URL, ALL_TRADES);
  const importCsv = async (rows: string[], ...more: string[]) => {
    const file = await folder.write("trades.csv", `\ufeff${rows.join("\r\n")}\r\n`);
    return await runImport(["csv", file, ...more], { DATABASE_URL });
  };

  it("takes semicolons, decimal commas, a sep= line and blank rows, and refuses what could be two numbers", async () => {
    const rows = [
      "sep=;",
      HEADER.replaceAll(",", ";"),
      `a;m;BTC;buy;0,5;1.234,56;-1;${TIME}`,
      ";;;;;;;",
      `b;m;BTC;buy;1.234;5;1;${TIME}`,
      `c;m;BTC;buy;0.25;5;1;${TIME}`,
      " ; ; ; ; ; ; ; ",
    ];
    const { counts, stdout } = await importCsv(rows);
    expect(counts).to.deep.equal({ new: 2, repeated: 0, repaired: 1, refused: 1 });
    expect(stdout).to.include('qty is ambiguous: "1.234"');
    const trades = await stored();
    expect(trades.map(({ id, qty, price }) => [id, Number(qty), Number(price)])).to.deep.equal([
      ["a", 0.5, 1234.56],
      ["c", 0.25, 5],
    ]);
  });

  it("mends sides and times that can mean one thing alone, says so, and refuses the rest with the value met", async () => {
    const sides = ["BUY", "Long", " short ", "b", "1"].map((side, n) => `s${n},m,BTC,${side},1,1,1,${TIME}`);
    const times = [
      "1735689600",
      "1735689600000000",
      "2025-01-01 00:00:00+00:00",
      "2025-01-01T00:00:00.000456Z",
      "01/02/2025 10:00",
      "45658.5",
      "2025-02-30",
      "2016-12-31T23:59:60Z",
    ].map((time, n) => `t${n},m,BTC,buy,1,1,1,${time}`);
    const { counts, stdout } = await importCsv([HEADER, ...sides, ...times]);
    expect(counts).to.deep.equal({ new: 7, repeated: 0, repaired: 7, refused: 6 });
    for (const said of [
      'not "b"',
      'not "1"',
      'not "01/02/2025 10:00"',
      'not "45658.5"',
      'not "2025-02-30"',
    ]) {
      expect(stdout).to.include(said);
    }
    expect(stdout).to.include('timestamp must be a time that exists, not "2016-12-31T23:59:60Z"');
    const trades = await stored();
    expect(trades.map(({ timestamp }) => timestamp.toISOString())).to.deep.equal(
      Array(7).fill("2025-01-01T00:00:00.000Z"),
    );
  });

  it("gives models with trades alone the starting balance that was said, once, and none where none was", async () => {
    const rows = [HEADER, `a,m,BTC,buy,1,1,100,${TIME}`, "b,m,BTC,buy,1,1,-20,2025-01-02T00:00:00Z"];
    await importCsv(rows);
    expect(await query(DATABASE_URL, "SELECT model FROM portfolios")).to.deep.equal([]);
    for (let n = 0; n < 2; n++)
      expect((await importCsv(rows, "--starting-balance", "1000")).code).to.equal(0);
    // And says anew what trades made of it that came with a later import.
    const later = [HEADER, "c,m,BTC,buy,1,1,20,2025-01-02T00:00:00Z"];
    for (let n = 0; n < 2; n++) await importCsv(later, "--starting-balance", "1000");
    const reports = await query<{ count: number }>(
      DATABASE_URL,
      "SELECT count(*)::int FROM tape WHERE kind = 'portfolio'",
    );
    expect(reports).to.deep.equal([{ count: 3 }]);
    const app = await startHere({ DATABASE_URL });
    try {
      const { body } = await get<{ leaderboard: Record<string, unknown>[] }>(`${app.url}/api/leaderboard`);
      expect(body.leaderboard[0]).to.include({
        equity: 1100,
        ledger_equity: 1100,
        divergence: 0,
        return_pct: 10,
      });
    } finally {
      await app.stop();
    }
  });

  it("leaves alone a time of which it cannot be known what it means", () => {
    for (const time of [
      "infinity",
      "0044-03-15 00:00:00 BC",
      "2025-02-30T00:00:00",
      "03/04/2025 GMT",
      "2025-13-01",
      0,
      45658.5,
    ]) {
      expect(plainTime(time)).to.equal(time);
    }
    expect(plainTime("2025-10-01 12:00:00.123456+02")).to.equal("2025-10-01T10:00:00.123Z");
    expect(plainTime(1_735_689_600.5)).to.equal("2025-01-01T00:00:00.500Z");
    expect(plainTime("Wed Oct 01 2025 00:00:00 GMT+0200 (CEST)")).to.equal("2025-09-30T22:00:00.000Z");
  });
});
