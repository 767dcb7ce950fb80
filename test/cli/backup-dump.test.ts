import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { migrate } from "../../src/platform/postgres/migrate.ts";
import { query } from "../support/postgres.ts";
import { db } from "./db-support.ts";
import { newFolder } from "./import-run.ts";
import { startSystemPostgres } from "./system-postgres.ts";

describe("db:backup with pg_dump", () => {
  let server: Awaited<ReturnType<typeof startSystemPostgres>>;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let file: string;
  before(async function () {
    server = await startSystemPostgres(this);
    folder = await newFolder();
    file = `${folder.path}/all.dump`;
    const url = await database("source");
    await migrate(url);
    await query(
      url,
      `WITH trade AS (INSERT INTO trades (id, seq, model, symbol, side, qty, price, "timestamp", created_at)
         SELECT 't-' || n, n, E'tab\\tand\\\\', 'BTC', 'buy', 0.1, 60000, now(), now() FROM generate_series(1, 50) n),
       entry AS (INSERT INTO tape SELECT n, 'trade', 'm', 'BTC', now(), '{"a":1}' FROM generate_series(1, 50) n)
       UPDATE tape_head SET seq = 50, trades_seq = 50`,
    );
    const made = await db({ DATABASE_URL: url }, "backup", file);
    expect(made.code, made.err).to.equal(0);
    expect(made.out).to.include(`saved the tape up to 50 in ${file} (dump)`);
  });
  after(async () => {
    await server?.stop();
    await folder?.remove();
  });
  async function database(name: string): Promise<string> {
    await query(server.url, `CREATE DATABASE ${name}`);
    return server.url.replace(/postgres$/, name);
  }

  it("makes a dump that db:restore puts back, checked against its manifest", async () => {
    const url = await database("target");
    expect(readFileSync(file).toString("latin1", 0, 5)).to.equal("PGDMP");
    const restored = await db({ DATABASE_URL: url }, "restore", file);
    expect(restored.code, restored.err).to.equal(0);
    expect(restored.out).to.include("restored the tape up to 50; dense, and whole");
    const [row] = await query(url, "SELECT model, count(*)::int AS trades FROM trades GROUP BY model");
    expect(row).to.deep.equal({ model: "tab\tand\\", trades: 50 });
  });

  it("saves and restores a schema whose name has to be quoted", async () => {
    const url = `${await database("quoted")}?schema=my-Schema`;
    const own = `${folder.path}/own.dump`;
    for (const [from, made] of [
      [file, own],
      [own, `${folder.path}/again.dump`],
    ] as const) {
      const restored = await db({ DATABASE_URL: url }, "restore", from, "--force");
      expect(restored.code, restored.err).to.equal(0);
      const saved = await db({ DATABASE_URL: url }, "backup", made);
      expect(saved.out, saved.err).to.include(`saved the tape up to 50 in ${made} (dump)`);
    }
  });

  it("reads the schema's version out of a dump without its manifest, and says what could not be checked", async () => {
    const url = await database("bare");
    const bare = `${folder.path}/bare.dump`;
    writeFileSync(bare, readFileSync(file));
    const restored = await db({ DATABASE_URL: url }, "restore", bare);
    expect(restored.code, restored.err).to.equal(0);
    expect(restored.out).to.include("only the tape itself was checked").and.not.include("older");
    rmSync(bare);
  });

  it("notices a dump that is not as it was written", async () => {
    const url = await database("damaged");
    const bytes = readFileSync(file);
    bytes[bytes.length - 200] = (bytes.at(-200) ?? 0) ^ 0xff;
    const damaged = `${folder.path}/damaged.dump`;
    writeFileSync(damaged, bytes);
    writeFileSync(`${damaged}.manifest.json`, readFileSync(`${file}.manifest.json`));
    const refused = await db({ DATABASE_URL: url }, "restore", damaged);
    expect(refused.code).to.equal(1);
    expect(refused.err).to.include("damaged: its checksum");
  });
});
