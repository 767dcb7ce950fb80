import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { MIGRATIONS_FOLDER, migrate, migrationFiles } from "../../src/platform/postgres/migrate.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { addMigration, copyMigrations, db, inSchema, sequelizeCli } from "./db-support.ts";

const tables = async (url: string, schema = "public") =>
  (
    await query<{ tablename: string }>(
      url,
      "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1",
      [schema],
    )
  ).map(({ tablename }) => tablename);

describe("db:migrate, db:migrate:status and db:migrate:undo", () => {
  let files: string[];
  before(async () => {
    files = await migrationFiles(MIGRATIONS_FOLDER);
  });

  it("apply what is pending, list it, and undo the newest", async () => {
    const url = await newDatabase();
    const env = { DATABASE_URL: url };
    const untouched = await db(env, "migrate:status");
    expect(untouched.out).to.include(`0 applied, ${files.length} pending.`);
    expect(await tables(url)).to.deep.equal([]);

    const applied = await db(env, "migrate");
    expect(applied).to.include({ code: 0, err: "" });
    expect(applied.out).to.equal(files.map((file) => `applied ${file}\n`).join(""));
    expect((await db(env, "migrate")).out).to.include("Nothing to do");

    const unasked = await db(env, "migrate:undo");
    expect(unasked).to.deep.equal({
      code: 1,
      out: "",
      err: "This may drop tables with their data: run it on a terminal to be asked, or with --force.\n",
    });
    expect((await db(env, "migrate:undo", "--force")).out).to.equal(`undone ${files.at(-1)}\n`);
    const status = await db(env, "migrate:status");
    expect(status.out).to.include(`pending  ${files.at(-1)}`);
    expect(status.out).to.include(`applied  ${files[0]}`);
  });

  it("undo down to and including the one that is named, or all", async () => {
    const url = await newDatabase();
    const env = { DATABASE_URL: url };
    await migrate(url);
    const undone = await db(env, "migrate:undo", "--force", "--to", (files[1] as string).replace(".js", ""));
    expect(undone.out).to.equal(
      files
        .slice(1)
        .reverse()
        .map((file) => `undone ${file}\n`)
        .join(""),
    );
    expect(await db(env, "migrate:undo", "--to", "nonsense")).to.deep.equal({
      code: 1,
      out: "",
      err: "The migration nonsense.js is not applied.\n",
    });
    expect((await db(env, "migrate:undo", "--force", "--all")).out).to.equal(`undone ${files[0]}\n`);
    expect(await tables(url)).to.deep.equal(["SequelizeMeta"]);
    expect((await db(env, "migrate:undo")).out).to.equal("Nothing to undo: no migration is applied.\n");
  });

  it("agree with sequelize-cli in both directions", async () => {
    const url = await newDatabase();
    const env = { DATABASE_URL: url };
    await migrate(url);
    const seen = await sequelizeCli(url, "db:migrate:status");
    expect(seen.code).to.equal(0);
    for (const file of files) expect(seen.out).to.include(`up ${file}`);

    expect((await sequelizeCli(url, "db:migrate:undo")).code).to.equal(0);
    expect((await db(env, "migrate:status")).out).to.include(`pending  ${files.at(-1)}`);
    expect((await sequelizeCli(url, "db:migrate")).code).to.equal(0);
    expect((await db(env, "migrate")).out).to.include("Nothing to do");
  });

  it("honour ?schema= as sequelize-cli does, although the public schema holds the same tables", async () => {
    const url = await newDatabase();
    await migrate(url);
    const second = inSchema(url, "Second-1");
    expect((await db({ DATABASE_URL: second }, "migrate:status")).out).to.include(`${files.length} pending.`);
    expect((await db({ DATABASE_URL: second }, "migrate")).code).to.equal(0);
    expect(await tables(url, "Second-1")).to.deep.equal(await tables(url));

    expect((await sequelizeCli(second, "db:migrate:undo")).code).to.equal(0);
    expect((await db({ DATABASE_URL: second }, "migrate:status")).out).to.include(`pending  ${files.at(-1)}`);
    expect((await db({ DATABASE_URL: url }, "migrate:status")).out).to.include(" 0 pending.");
  });

  it("work on the embedded database where there is no DATABASE_URL", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trading-playground-db-"));
    try {
      const env = { DATA_DIR: join(folder, "data") };
      expect((await db(env, "migrate")).code).to.equal(0);
      expect((await db(env, "migrate:status")).out).to.include(`${files.length} applied, 0 pending.`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("say in one sentence what went wrong, without the password", async () => {
    const closed = await db({ DATABASE_URL: "postgres://someone:secret@127.0.0.1:1/nothing" }, "migrate");
    expect(closed.code).to.equal(1);
    expect(closed.err).to.match(/^PostgreSQL cannot be used now: connect ECONNREFUSED 127\.0\.0\.1:1\.\n$/);

    const withoutTls = await db({ DATABASE_URL: `${await newDatabase()}?sslmode=require` }, "migrate");
    expect(withoutTls.code).to.equal(1);
    expect(withoutTls.err).to.match(/^[^\n]*does not support SSL[^\n]*\n$/);

    const missing = new URL(await newDatabase());
    missing.pathname = "/not_there";
    const refused = await db({ DATABASE_URL: missing.toString() }, "migrate:status");
    expect(refused).to.include({ code: 1, out: "" });
    expect(refused.err.trim().split("\n")).to.have.lengthOf(1);
    expect(refused.err).to.include('"not_there" does not exist');

    const bad = await db({ DATABASE_URL: "mysql://u:secret@h/x" }, "migrate");
    expect(bad.code).to.equal(1);
    expect(bad.err).to.include("DATABASE_URL").and.not.include("secret");
  });

  it("say in one sentence that the connection was cut in the middle of a migration", async () => {
    const { folder, remove } = await copyMigrations();
    try {
      await addMigration(
        folder,
        "29990101000000-cut.js",
        [
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() ORDER BY pid = pg_backend_pid()`,
        ],
        [],
      );
      const cut = await db({ DATABASE_URL: await newDatabase() }, "migrate", "--migrations", folder);
      expect(cut.code).to.equal(1);
      expect(cut.err).to.match(/^PostgreSQL cannot be used now: [^\n]+\n$/);
    } finally {
      await remove();
    }
  });

  it("name the migration that failed, and leave nothing of it", async () => {
    const url = await newDatabase();
    const { folder, remove } = await copyMigrations();
    try {
      await addMigration(folder, "29991231000000-again.js", ["CREATE TABLE trades (id text)"], []);
      const failed = await db({ DATABASE_URL: url }, "migrate", "--migrations", folder);
      expect(failed.code).to.equal(1);
      expect(failed.err).to.match(
        /^The migration 29991231000000-again\.js failed \(up\): relation "trades" already exists\..*\n$/,
      );
      const status = await db({ DATABASE_URL: url }, "migrate:status", "--migrations", folder);
      expect(status.out).to.include(`${files.length} applied, 1 pending.`);
    } finally {
      await remove();
    }
  });
});

describe("db:migrate:reset", () => {
  it("drops our data and migrates anew", async () => {
    const url = await newDatabase();
    const env = { DATABASE_URL: url };
    await migrate(url);
    await query(url, "CREATE TABLE their_orders AS SELECT 1 AS id");
    await query(url, "UPDATE tape_head SET seq = 7");
    const run = await db(env, "migrate:reset", "--force");
    expect(run.code, run.err).to.equal(0);
    expect(run.out).to.include("left alone, since our migrations did not make them: their_orders\n");
    expect(await query(url, "SELECT id FROM their_orders")).to.deep.equal([{ id: 1 }]);
    expect(await query(url, "SELECT seq FROM tape_head")).to.deep.equal([{ seq: "0" }]);
  });

  it("leaves a table of someone else that has the name of one of ours", async () => {
    const url = await newDatabase();
    const env = { DATABASE_URL: url };
    await query(url, "CREATE TABLE sentiments AS SELECT 1 AS theirs");
    expect((await db(env, "migrate")).err).to.include('relation "sentiments" already exists');
    expect(await tables(url)).to.include("trades");
    const run = await db(env, "migrate:reset", "--force");
    expect(run.code).to.equal(1);
    expect(run.err).to.include('relation "sentiments" already exists');
    expect(await query(url, "SELECT theirs FROM sentiments")).to.deep.equal([{ theirs: 1 }]);
  });

  it("drops nothing where a view of someone else depends on a table of ours", async () => {
    const url = await newDatabase();
    const env = { DATABASE_URL: url };
    await migrate(url);
    await query(url, "CREATE VIEW their_view AS SELECT id FROM trades");
    await query(url, "UPDATE tape_head SET seq = 7");
    const run = await db(env, "migrate:reset", "--force");
    expect(run.code).to.equal(1);
    expect(run.err).to.include("other objects depend on");
    expect(await query(url, "SELECT seq FROM tape_head")).to.deep.equal([{ seq: "7" }]);
  });

  it("asks first, and in production wants the database's name too", async () => {
    const url = await newDatabase();
    const name = new URL(url).pathname.slice(1);
    const env = { DATABASE_URL: url };
    await migrate(url);
    await query(url, "UPDATE tape_head SET seq = 7");
    const asked = await db(env, "migrate:reset");
    expect(asked.code).to.equal(1);
    expect(asked.err).to.include("--force");
    const production = { ...env, NODE_ENV: "production" };
    const refused = await db(production, "migrate:reset", "--force");
    expect(refused.code).to.equal(1);
    expect(await query(url, "SELECT seq FROM tape_head")).to.deep.equal([{ seq: "7" }]);
    const named = await db(production, "migrate:reset", "--force", "--database", name);
    expect(named.code, named.err).to.equal(0);
    expect(await query(url, "SELECT seq FROM tape_head")).to.deep.equal([{ seq: "0" }]);
  });
});
