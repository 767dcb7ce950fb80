import { lstatSync, symlinkSync } from "node:fs";
import { expect } from "chai";
import { csv } from "../../src/cli/import/csv.ts";
import { aTrade, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { ALL_TRADES, newFolder, runImport, type StoredTrade, whyNot } from "./import-run.ts";

const HEADER = "id,model,symbol,side,qty,price,pnl,timestamp";

describe("import csv", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let DATABASE_URL: string;
  beforeEach(async () => {
    folder = await newFolder();
    DATABASE_URL = await newDatabase();
  });
  afterEach(() => folder.remove());
  const stored = () => query<StoredTrade>(DATABASE_URL, ALL_TRADES);
  const importCsv = async (content: string | Buffer, ...more: string[]) => {
    const file = await folder.write("trades.csv", content);
    return await runImport(["csv", file, ...more], { DATABASE_URL });
  };

  it("imports an export into an empty playground, whose export is then the same but for seq and created_at", async () => {
    const source = await startHere({ DATABASE_URL: await newDatabase() });
    const trades = [
      aTrade({
        id: "exact",
        qty: "0.100000000000000001",
        pnl: "-12345678901234567890.5",
        fee: -0.25,
        leverage: 20,
      }),
      aTrade({
        id: "=1+1",
        note: 'a "quoted", text\nover\r\nlines\rand 🚀',
        meta: { b: [1, { a: "x,y" }], a: null },
      }),
      aTrade({ id: " spaced id ", model: "Claude Sonnet 4.5", symbol: "eth", side: "sell", note: " " }),
      aTrade({
        id: "open",
        status: "open",
        opened_at: "2026-01-05T10:00:00.001+02:00",
        timestamp: "0001-02-03T00:00:00Z",
      }),
      aTrade({
        id: "closed",
        exit_price: 1e-7,
        closed_at: "2026-01-05T11:00:00Z",
        timestamp: "2026-01-05T11:00:00Z",
      }),
      aTrade({ id: "same moment", timestamp: "2026-01-05T11:00:00Z", meta: {} }),
      ...Array.from({ length: 50 }, (_, index) => aTrade({ timestamp: `2026-02-01T00:00:${index + 10}Z` })),
    ];
    expect((await post(`${source.url}/api/trades/bulk`, { trades })).status).to.equal(201);
    const before = await exportOf(source.url);
    await source.stop();

    const first = await importCsv(before.text);
    expect(first.code, first.stdout + first.stderr).to.equal(0);
    expect(first.counts).to.deep.equal({ new: trades.length, repeated: 0, repaired: 0, refused: 0 });
    const second = await importCsv(before.text);
    expect(second.counts).to.deep.equal({ new: 0, repeated: trades.length, repaired: 0, refused: 0 });

    const target = await startHere({ DATABASE_URL });
    const after = await exportOf(target.url);
    await target.stop();
    expect(after.rows).to.deep.equal(before.rows);
    expect(before.rows).to.have.length(trades.length + 1);
  });

  it("gives rows without an id one of their own, keeps equal rows apart, and finds all of them again", async () => {
    const rows = [
      "model,symbol,side,qty,price,timestamp,meta",
      "gpt-5,BTC,buy,1,65000,2026-01-02T00:00:00Z,",
      "gpt-5,BTC,buy,1.0,65000,2026-01-02T00:00:00Z,",
      "gpt-5,btc,buy,1,65000,2026-01-02T01:00:00+01:00,",
      'gpt-5,BTC,buy,1,65000,2026-01-02T00:00:00Z,"{""fill"":4}"',
      "gpt-5,BTC,buy,1,65000,,",
    ].join("\n");
    const first = await importCsv(rows);
    expect(first.counts).to.deep.equal({ new: 5, repeated: 0, repaired: 0, refused: 0 });
    const ids = (await stored()).map((trade) => trade.id);
    expect(new Set(ids)).to.have.length(5);
    expect(ids.every((id) => id.startsWith("import-"))).to.equal(true);
    expect(ids.filter((id) => /-[23]$/.test(id)).map((id) => id.replace(/-\d$/, ""))).to.deep.equal([
      ids[0],
      ids[0],
    ]);
    const second = await importCsv(rows.replaceAll("\n", "\r\n"));
    expect(second.counts).to.deep.equal({ new: 0, repeated: 5, repaired: 0, refused: 0 });
    expect((await stored()).map((trade) => trade.id)).to.deep.equal(ids);
  });

  it("names the line and the reason of each row that it refuses, and takes its neighbours", async () => {
    await importCsv(`${HEADER}\nthere,gpt-5,BTC,buy,1,100,0,2026-01-01T00:00:00Z\n`);
    const fine = (id: number) => `fine-${id},gpt-5,BTC,buy,1,100,0,2026-01-02T00:00:00Z`;
    const rows = [
      HEADER,
      fine(2),
      "there,gpt-5,BTC,buy,2,100,0,2026-01-01T00:00:00Z",
      fine(4),
      "short,gpt-5,BTC,buy",
      "",
      '"over\r\ntwo lines",gpt-5,BTC,buy,1,100,0,2026-01-02T00:00:00Z',
      "bad,gpt-5,BTC,hold,-1,ten,0,yesterday",
      fine(10),
      "fine-10,gpt-5,BTC,buy,1,100,5,2026-01-02T00:00:00Z",
      fine(10),
    ];
    const { code, counts, stdout } = await importCsv(rows.join("\n"));
    expect(code).to.equal(2);
    expect(counts).to.deep.equal({ new: 3, repeated: 1, repaired: 0, refused: 5 });
    const lines = [...stdout.matchAll(/^ {4}line (\d+): (.+)$/gm)].map(
      ([, line, reason]) => `${line} ${reason}`,
    );
    expect(lines).to.have.members([
      "3 id is the id of a trade that is there already, with other content",
      "5 has 4 cells, where the header has 8",
      '7 id must be 1-100 printable characters, not "over\\r\\ntwo lines"',
      '9 side must be buy or sell, not "hold"; qty must be greater than 0, not "-1"; price must be a number, or a decimal string of at most 20 digits before and 18 after the point, not "ten"; timestamp must be an ISO 8601 time with a zone, like 2026-01-31T12:00:00Z, not "yesterday"',
      "11 id is the id of a trade that is there already, with other content",
    ]);
    expect((await stored()).map((trade) => trade.id)).to.deep.equal(["there", "fine-2", "fine-4", "fine-10"]);
  });

  it("leaves out the one row that the database itself refuses", async () => {
    await importCsv(`${HEADER}\n`);
    await query(DATABASE_URL, "ALTER TABLE trades ADD CONSTRAINT house_rule CHECK (symbol <> 'DOGE')");
    const rows = Array.from(
      { length: 1500 },
      (_, index) => `t-${index},gpt-5,${index === 777 ? "DOGE" : "BTC"},buy,1,100,0,2026-01-02T00:00:00Z`,
    );
    const { code, counts, stdout } = await importCsv([HEADER, ...rows].join("\n"));
    expect(code).to.equal(2);
    expect(counts).to.deep.equal({ new: 1499, repeated: 0, repaired: 0, refused: 1 });
    expect(stdout).to.match(/line 779: was refused by PostgreSQL: .*house_rule/);
  });

  it("shows twenty refused rows and writes all of them to the report, those of a conflict too", async () => {
    const rows = (price: number) =>
      Array.from({ length: 250 }, (_, index) => `t-${index},gpt-5,BTC,buy,1,${price},0,2026-01-02T00:00:00Z`);
    await importCsv([HEADER, ...rows(100)].join("\n"));
    const report = `${folder.path}/report.json`;
    const { counts, stdout } = await importCsv(
      [HEADER, ...rows(200), "new,gpt-5,BTC,buy,1,100,0,2026-01-03T00:00:00Z"].join("\n"),
      "--report",
      report,
    );
    expect(counts).to.deep.equal({ new: 1, repeated: 0, repaired: 0, refused: 250 });
    expect(stdout.match(/^ {4}line/gm)).to.have.length(20);
    expect(stdout).to.include("and 230 more; --report <file.json> writes all of them");
    const { default: written } = await import(report, { with: { type: "json" } });
    expect(written.rows).to.have.length(250);
    expect(new Set(written.rows.map((row: { line: number }) => row.line))).to.have.length(250);
    expect(written.refused).to.equal(250);
  });

  it("says in one sentence what is wrong with a file, and ends with 1", async () => {
    const row = "gpt-5,BTC,buy,1,100";
    const cases: [string | Buffer, RegExp][] = [
      ["", /is empty/],
      ["\n\n", /is empty/],
      [`model,symbol,side,qty,price,colour,"sh""ape"\n${row},red,round\n`, /unknown: "colour", "sh\\"ape"/],
      ["model,qty,price\n", /missing: "symbol", "side"/],
      [`model,symbol,side,qty,price,qty\n${row},1\n`, /twice there: "qty"/],
      ["model|symbol|side|qty|price\n", /unknown: "model\|symbol\|side\|qty\|price"; missing: "model"/],
      [
        `model,symbol,side,qty,price\n${row}\n"gpt-5,BTC,buy,1,100\n`,
        /from line 3 on: a quote is opened and never/,
      ],
      [
        `model,symbol,side,qty,price\n${row}\n${"x".repeat(1_200_000)}\n`,
        /from line 3 on: a row is longer than 1 MB/,
      ],
      [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]), /is not UTF-8 text/],
      [Buffer.from([1, 2, 3, 0, 27]), /unknown: "\\u0001\\u0002\\u0003\\u0000\\u001b"/],
    ];
    for (const [content, expected] of cases) {
      const sentence = await whyNot(csv, await folder.write("bad.csv", content), DATABASE_URL);
      expect(sentence)
        .to.match(expected)
        .and.match(/^[^\n]+\.$/);
    }
    const { code, stdout, stderr } = await runImport(["csv", `${folder.path}/none.csv`], { DATABASE_URL });
    expect(stderr).to.equal(`${folder.path}/none.csv cannot be read: there is no such file.\n`);
    expect(stdout).to.equal("");
    expect(code).to.equal(1);
    expect(await whyNot(csv, folder.path, DATABASE_URL)).to.include("is a directory");
  });

  it("turns a file that is newest first round, also within one moment", async () => {
    const at = (id: string, second: number) => `${id},gpt-5,BTC,buy,1,100,0,2026-01-02T00:00:0${second}Z`;
    const rows = [HEADER, at("d", 3), at("c", 2), at("b", 2), at("a", 1)];
    await importCsv(rows.join("\n"));
    expect((await stored()).map((trade) => trade.id)).to.deep.equal(["a", "b", "c", "d"]);
  });

  it("refuses to put its report in the place of what is no regular file", async () => {
    const file = await folder.write("report-link.csv", `${HEADER}\n`);
    const link = `${folder.path}/null`;
    symlinkSync("/dev/null", link);
    const { code, stderr } = await runImport(["csv", file, "--report", link], { DATABASE_URL });
    expect(code).to.equal(1);
    expect(stderr).to.include(`${link} cannot be written: it is there already, and is no regular file.`);
    expect(lstatSync(link).isSymbolicLink()).to.equal(true);
  });

  it("refuses to write its report over the file to import", async () => {
    const file = await folder.write("same.csv", `${HEADER}\n`);
    const { code, stderr } = await runImport(["csv", file, "--report", file], { DATABASE_URL });
    expect(code).to.equal(1);
    expect(stderr).to.include("that is the file to import");
    expect((await runImport(["csv", file], { DATABASE_URL })).code).to.equal(0);
  });

  it("says that the database cannot be reached, without its password", async () => {
    const file = await folder.write("one.csv", `${HEADER}\nx,gpt-5,BTC,buy,1,100,0,2026-01-02T00:00:00Z\n`);
    const { code, stdout, stderr } = await runImport(["csv", file], {
      DATABASE_URL: "postgresql://someone:hunter2@127.0.0.1:1/playground",
    });
    expect(code).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr).to.equal(
      "The database of DATABASE_URL cannot be reached (ECONNREFUSED). Nothing was imported.\n",
    );
  });

  async function exportOf(url: string): Promise<{ text: string; rows: string[][] }> {
    const text = await (await fetch(`${url}/api/trades?format=csv`)).text();
    const { parse } = await import("csv-parse/sync");
    const [header = [], ...rows] = parse(text) as string[][];
    const kept = header.flatMap((name, index) => (["seq", "created_at"].includes(name) ? [] : [index]));
    return { text, rows: [header, ...rows].map((row) => kept.map((index) => row[index] as string)) };
  }
});
