import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { migrate, migrationFiles } from "../../src/platform/postgres/migrate.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { addMigration, copyMigrations, db } from "./db-support.ts";

// A schema that the models have run ahead of: as if they had been changed alone.
const DRIFT = [
  `ALTER TABLE trades DROP COLUMN note, ALTER COLUMN fee DROP NOT NULL, ADD COLUMN venue text DEFAULT 'a\`b\${c}\\'`,
  "ALTER TABLE sentiments ALTER COLUMN score TYPE numeric(10,2)",
  "DROP TABLE portfolio_points",
];
const BACK = ["SELECT 1"];
const FILE = "29991231000000-drift.js";

const column = async (url: string, table: string, name: string) =>
  (
    await query<{ data_type: string; is_nullable: string; numeric_scale: number | null }>(
      url,
      `SELECT data_type, is_nullable, numeric_scale FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = $1 AND column_name = $2`,
      [table, name],
    )
  )[0];

describe("db:migrate:dev and db:push", () => {
  let url: string;
  let folder: string;
  let remove: () => Promise<void>;
  const run = (...args: string[]) => db({ DATABASE_URL: url }, ...args, "--migrations", folder);

  beforeEach(async () => {
    url = await newDatabase();
    ({ folder, remove } = await copyMigrations());
  });
  afterEach(() => remove());

  async function expectLikeModels(): Promise<void> {
    expect(await column(url, "trades", "note")).to.include({ data_type: "text", is_nullable: "YES" });
    expect(await column(url, "trades", "fee")).to.include({ is_nullable: "NO" });
    expect(await column(url, "trades", "venue")).to.equal(undefined);
    expect(await column(url, "sentiments", "score")).to.include({
      data_type: "numeric",
      numeric_scale: null,
    });
    expect(await column(url, "portfolio_points", "equity")).to.include({ data_type: "numeric" });
  }

  it("writes the difference as a migration, applies it, and it goes down and up again", async () => {
    await addMigration(folder, FILE, DRIFT, BACK);
    const made = await run("migrate:dev", "Catch up!", "--force");
    expect(made.code, made.err).to.equal(0);
    expect(made.out)
      .to.include("it adds the column trades.note")
      .and.include("it makes the table portfolio_points");
    expect(made.out).to.include("made and applied 29991231000001-catch-up.js");
    await expectLikeModels();

    expect((await run("migrate:undo", "--force")).out).to.equal("undone 29991231000001-catch-up.js\n");
    expect(await column(url, "trades", "note")).to.equal(undefined);
    expect(await column(url, "trades", "venue")).to.include({ data_type: "text" });
    expect(await column(url, "sentiments", "score")).to.include({ numeric_scale: 2 });
    expect((await run("migrate")).out).to.equal("applied 29991231000001-catch-up.js\n");
    await expectLikeModels();
  });

  it("does not lose data unasked: the file is written and waits", async () => {
    await addMigration(folder, FILE, DRIFT, BACK);
    const made = await run("migrate:dev", "catch-up");
    expect(made.code).to.equal(1);
    expect(made.err)
      .to.include("drops the column trades.venue")
      .and.include("29991231000001-catch-up.js is written");
    expect((await run("migrate:status")).out).to.include("pending  29991231000001-catch-up.js");
    expect(await column(url, "trades", "venue")).to.not.equal(undefined);
  });

  it("makes a skeleton where the models ask for nothing new", async () => {
    const before = await migrationFiles(folder);
    const made = await run("migrate:dev", "an", "index");
    expect(made.code, made.err).to.equal(0);
    const [file] = (await migrationFiles(folder)).filter((name) => !before.includes(name));
    expect(file).to.match(/^\d{14}-an-index\.js$/);
    expect(await readFile(join(folder, file as string), "utf8")).to.include("ask for nothing new");
    expect((await run("migrate:status")).out).to.include(`applied  ${file}`);
    expect(await query(url, "SELECT FROM pg_namespace WHERE nspname LIKE 'migrate_dev%'")).to.deep.equal([]);
  });

  it("refuses a name with nothing in it, and production", async () => {
    const before = await migrationFiles(folder);
    expect((await run("migrate:dev", "../…")).err).to.equal(
      "The migration needs a name of letters and digits: add-venue.\n",
    );
    for (const command of [["migrate:dev", "x"], ["push"]]) {
      const refused = await db(
        { DATABASE_URL: url, NODE_ENV: "production" },
        ...command,
        "--migrations",
        folder,
      );
      expect(refused.code).to.equal(1);
      expect(refused.err).to.include("NODE_ENV=production");
    }
    expect(await migrationFiles(folder)).to.deep.equal(before);
    expect(await query(url, "SELECT FROM pg_tables WHERE schemaname = 'public'")).to.deep.equal([]);
  });

  it("pushes what the models ask for without a file, and what loses data only by force", async () => {
    await addMigration(folder, FILE, DRIFT, BACK);
    const before = await migrationFiles(folder);
    const pushed = await run("push");
    expect(pushed.code, pushed.err).to.equal(0);
    expect(pushed.out).to.include("adds the column trades.note");
    expect(pushed.out).to.include("left undone").and.include("drops the column trades.venue");
    expect(await column(url, "trades", "venue")).to.not.equal(undefined);
    expect((await run("push", "--force")).code).to.equal(0);
    await expectLikeModels();
    expect((await run("push")).out).to.equal("The schema is as the models want it.\n");
    expect(await migrationFiles(folder)).to.deep.equal(before);
  });

  it("changes nothing of a schema that is as the models want it, collations and checks included", async () => {
    const detail = () =>
      query(
        url,
        `SELECT a.attrelid::regclass::text AS name, a.attname, a.attcollation::regcollation::text, c.relfilenode
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 ORDER BY 1, 2`,
      );
    await migrate(url);
    const before = await detail();
    expect((await run("push")).out).to.equal("The schema is as the models want it.\n");
    expect(await detail()).to.deep.equal(before);
  });

  it("makes a migration also of what was pushed before, and that one applies", async () => {
    await addMigration(folder, FILE, DRIFT, BACK);
    await run("push", "--force");
    const made = await run("migrate:dev", "catch-up", "--force");
    expect(made.code, made.err).to.equal(0);
    const text = await readFile(join(folder, "29991231000001-catch-up.js"), "utf8");
    expect(text).to.include('ADD COLUMN IF NOT EXISTS "note"');
    await expectLikeModels();
  });

  it("lets db:migrate:reset drop a table that was pushed", async () => {
    await addMigration(folder, FILE, DRIFT, BACK);
    await run("push");
    const reset = await run("migrate:reset", "--force");
    expect(reset.code, reset.err).to.equal(0);
    expect(reset.out)
      .to.match(/dropped .*portfolio_points/)
      .and.not.include("left alone");
  });
});
