import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { faults, subscribeTo } from "../support/subscriber.ts";
import { addMigration, copyMigrations, db, inSchema } from "./db-support.ts";
import { newFolder } from "./import-run.ts";

const TABLES = [
  "trades",
  "tape",
  "portfolios",
  "portfolio_points",
  "sentiments",
  "idempotency_keys",
  "users",
];

/** Everything that is in our tables, as PostgreSQL prints it. */
async function contentOf(url: string): Promise<Record<string, string | undefined>> {
  const texts = TABLES.map(async (table) => {
    const [row] = await query<{ text: string }>(
      url,
      `SELECT string_agg(t::text, E'\\n' ORDER BY t::text) AS text FROM ${table} t`,
    );
    return [table, row?.text] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

describe("db:backup and db:restore", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let url: string;
  let app: App;
  let file: string;
  let saved: Record<string, string | undefined>;
  let epoch: string;

  before(async () => {
    folder = await newFolder();
    url = await newDatabase();
    app = await startHere({ DATABASE_URL: url });
    file = `${folder.path}/all.copy.gz`;
    const api = `${app.url}/api`;
    await post(`${api}/trades/bulk`, {
      trades: Array.from({ length: 300 }, (_, index) =>
        aTrade({
          id: `t-${index}`,
          qty: "0.100000000000000001",
          note: `back\\slash\ttab\n"quote" 🚀 ${index}`,
          meta: { n: [1, null] },
        }),
      ),
    });
    await post(`${api}/trades`, aTrade({ id: "opened", status: "open" }), {});
    await patch(`${api}/trades/opened`, { exit_price: 66_000, status: "closed" });
    await post(
      `${api}/portfolio`,
      { model: "gpt-5", balance: "10031.20", positions: [] },
      { "idempotency-key": "k" },
    );
    await post(`${api}/sentiment`, { text: "Bitcoin rallies", symbol: "BTC" });
    await query(url, "INSERT INTO users (id, email) VALUES ('u1', 'ada@example.org')");
    epoch = (await get<{ epoch: string }>(`${api}/tape`)).body.epoch;
    saved = await contentOf(url);

    const made = await db({ DATABASE_URL: url }, "backup", file);
    expect(made.code, made.err).to.equal(0);
    expect(made.out).to.include("      301  trades\n").and.include("saved the tape up to 304");
  });
  after(async () => {
    await app.stop();
    await folder.remove();
  });

  it("bring everything back exactly, under a running service whose subscribers are ahead, and tell them so", async () => {
    const api = `${app.url}/api`;
    const subscriber = subscribeTo(app.url, ["trades", "portfolios", "sentiments"], { since: 0 });
    for (let index = 0; index < 5; index++) await post(`${api}/trades`, aTrade({ id: `later-${index}` }));
    await subscriber.reached(309);
    expect(subscriber.resets).to.deep.equal([]);

    const restored = await db({ DATABASE_URL: url }, "restore", file, "--force");
    expect(restored.code, restored.err).to.equal(0);
    const [, newEpoch = ""] = /new epoch is (\w+)/.exec(restored.out) ?? [];
    expect(newEpoch).to.not.equal(epoch).and.not.equal("");
    expect(await contentOf(url)).to.deep.equal(saved);

    const reset = await eventually(async () => subscriber.resets[0]);
    expect(reset).to.include({ epoch: newEpoch, head: 304, oldest: 1 });
    expect((await get(`${api}/trades/later-1`)).status).to.equal(404);
    expect((await get(`${api}/trades/t-7`)).body.note).to.equal('back\\slash\ttab\n"quote" 🚀 7');

    const seen = subscriber.records.length;
    const next = await post<{ trade: { seq: number } }>(`${api}/trades`, aTrade({ id: "after" }));
    expect(next.body.trade.seq).to.equal(305);
    await subscriber.reached(305);
    expect(subscriber.records.slice(seen).map(({ id }) => id)).to.deep.equal(["after"]);
    subscriber.close();
  });

  it("tell whoever comes back ahead of the restored tape, or with the old epoch, to start anew, and then give all", async () => {
    for (const options of [{ since: 10_000 }, { since: 200, epoch }]) {
      const late = subscribeTo(app.url, ["trades", "portfolios", "sentiments"], options);
      const reset = await eventually(async () => late.resets[0]);
      expect(reset.epoch).to.not.equal(epoch);
      late.close();
      const anew = subscribeTo(app.url, ["trades", "portfolios", "sentiments"], {
        since: 0,
        epoch: reset.epoch,
      });
      await anew.reached(reset.head);
      expect(faults(anew.records, 0, reset.head)).to.deep.equal([]);
      anew.close();
    }
  });

  it("refuse to replace data without --force, and change nothing", async () => {
    const before = await contentOf(url);
    const refused = await db({ DATABASE_URL: url }, "restore", file);
    expect(refused.code).to.equal(1);
    expect(refused.err).to.match(
      /replaces what is here \(\d+ rows of trades, .*needs --force\. Nothing was changed/,
    );
    const production = await db({ DATABASE_URL: url, NODE_ENV: "production" }, "restore", file, "--force");
    expect(production.code).to.equal(1);
    expect(production.err).to.include("--database");
    expect(await contentOf(url)).to.deep.equal(before);
  });

  it("fill an empty database, a schema of it too, without being forced, and save it again", async () => {
    for (const schema of ["play", "my-Schema"]) {
      const other = inSchema(await newDatabase(), schema);
      const restored = await db({ DATABASE_URL: other }, "restore", file);
      expect(restored.code, restored.err).to.equal(0);
      const [count] = await query(
        other.replace(/\?.*/, ""),
        `SELECT count(*)::int AS trades FROM "${schema}".trades`,
      );
      expect(count).to.deep.equal({ trades: 301 });
      const again = await db({ DATABASE_URL: other }, "backup", `${folder.path}/${schema}.gz`);
      expect(again.out, again.err).to.include("      301  trades\n");
    }
  });

  it("notice a backup that is damaged, cut off, not dense or none, and change nothing", async () => {
    const text = gunzipSync(readFileSync(file)).toString("utf8");
    const bad = (name: string, content: string | Buffer) => {
      const path = `${folder.path}/${name}`;
      writeFileSync(path, typeof content === "string" ? gzipSync(content) : content);
      return path;
    };
    const cut = bad("cut.gz", readFileSync(file));
    truncateSync(cut, 2000);
    const withoutEnd = text.slice(0, text.indexOf("-- complete"));
    const cases: [string, RegExp][] = [
      [cut, /is damaged, or not whole/],
      [bad("no-end.gz", withoutEnd), /is not whole: it breaks off/],
      [bad("in-table.gz", text.slice(0, text.indexOf("t-100"))), /breaks off in the middle of a table/],
      [
        bad("changed.gz", text.replace("0.100000000000000001", "0.200000000000000001")),
        /damaged: its checksum/,
      ],
      [bad("other.gz", "-- something else\n"), /is no backup/],
      [bad("plain.txt", Buffer.from("hello")), /is no backup/],
      [`${folder.path}/none`, /there is no such file/],
      [folder.path, /cannot be read: it is a folder/],
      [
        bad("newer.gz", text.replace("20261122000001-create-tape.js", "29990101-future.js")),
        /newer version.*29990101-future/,
      ],
    ];
    const target = await newDatabase();
    await db({ DATABASE_URL: target }, "restore", file);
    const before = await contentOf(target);
    for (const [path, sentence] of cases) {
      const refused = await db({ DATABASE_URL: target }, "restore", path, "--force");
      expect(refused.code, path).to.equal(1);
      expect(refused.err)
        .to.match(sentence)
        .and.match(/^[^\n]+\.\n$/);
    }
    expect(await contentOf(target)).to.deep.equal(before);

    // A tape with a hole is found also where the file is as it was written.
    const holed = await newDatabase();
    await db({ DATABASE_URL: holed }, "restore", file);
    await query(holed, "DELETE FROM tape WHERE seq = 17");
    const hole = `${folder.path}/hole.copy.gz`;
    await db({ DATABASE_URL: holed }, "backup", hole);
    const refused = await db({ DATABASE_URL: target }, "restore", hole, "--force");
    expect(refused.err).to.include("tape is not dense: 303 entries");
    expect(await contentOf(target)).to.deep.equal(before);
  });

  it("bring a backup of an older schema up to date, through the migrations that came since", async () => {
    const migrations = await copyMigrations();
    try {
      await addMigration(
        migrations.folder,
        "29990101000000-add-desk.js",
        ["ALTER TABLE trades ADD COLUMN desk text", "UPDATE trades SET desk = upper(model)"],
        ["ALTER TABLE trades DROP COLUMN desk"],
      );
      const target = await newDatabase();
      const restored = await db({ DATABASE_URL: target }, "restore", file, "--migrations", migrations.folder);
      expect(restored.code, restored.err).to.equal(0);
      expect(restored.out).to.include("the backup is older: applied 29990101000000-add-desk.js to it");
      expect(
        await query(target, "SELECT desk, count(*)::int AS trades FROM trades GROUP BY desk"),
      ).to.deep.equal([{ desk: "GPT-5", trades: 301 }]);
      const stages = await query(
        target,
        "SELECT 1 FROM pg_namespace WHERE nspname = 'trading_playground_restore'",
      );
      expect(stages).to.deep.equal([]);
    } finally {
      await migrations.remove();
    }
  });

  it("leave no file behind where it cannot be written, and say why", async () => {
    const refused = await db({ DATABASE_URL: url }, "backup", "/dev/full/x");
    expect(refused.code).to.equal(1);
    const closed = `${folder.path}/closed`;
    writeFileSync(closed, "a file, and no folder");
    const inFile = await db({ DATABASE_URL: url }, "backup", `${closed}/all.gz`);
    expect(inFile.code).to.equal(1);
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".partial"))).to.deep.equal([]);
    expect(existsSync(`${closed}/all.gz`)).to.equal(false);

    // A link stands for the devices that only root could write over.
    const link = `${folder.path}/link`;
    symlinkSync("/dev/null", link);
    expect(await db({ DATABASE_URL: url }, "backup", link)).to.deep.include({
      code: 1,
      err: `${link} cannot be written: it is there already, and is no regular file.\n`,
    });
    expect(lstatSync(link).isSymbolicLink()).to.equal(true);
  });

  it("say that there is nothing to save in an empty database", async () => {
    const empty = await db({ DATABASE_URL: await newDatabase() }, "backup", `${folder.path}/empty.gz`);
    expect(empty).to.deep.include({
      code: 1,
      err: "There is nothing to save: this database holds no playground.\n",
    });
  });
});
