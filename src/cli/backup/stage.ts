import type { Client } from "pg";
import { connectDatabase } from "../../platform/postgres/connect.ts";
import { migrator } from "../../platform/postgres/migrate.ts";
import type { Target } from "../db/target.ts";
import { load } from "./load.ts";
import type { BackupReader } from "./read-backup.ts";
import { columnList, openClient, presentTables, quote, useSchema } from "./tables.ts";

/** Whatever an earlier restore left there when it was killed is dropped first. */
const STAGE = "trading_playground_restore";

/**
 * Loads an older backup into a schema of its own, made by the migrations that it knew, and brings it up to date there.
 * @param replace gets what moves the tables over in its transaction, and answers the rows by table.
 */
export async function stage<Result>(
  target: Target,
  folder: string,
  reader: BackupReader,
  replace: (move: (client: Client) => Promise<Record<string, number>>) => Promise<Result>,
): Promise<Result> {
  const staged = new URL(target.url);
  staged.searchParams.set("schema", STAGE);
  const sequelize = connectDatabase({ url: staged.toString(), poolSize: 2, timeLimits: false });
  const client = await openClient(target.url, "restore");
  const drop = () => client.query(`DROP SCHEMA IF EXISTS ${quote(STAGE)} CASCADE`);
  try {
    await drop();
    await client.query(`CREATE SCHEMA ${quote(STAGE)}`);
    await sequelize.query('CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY)');
    const umzug = await migrator(sequelize, folder);
    await umzug.up({ migrations: reader.migrations });
    await loadStaged(client, reader);
    await umzug.up();
    return await replace(move);
  } finally {
    await drop().catch(() => {});
    await sequelize.close();
    await client.end().catch(() => {});
  }
}

async function loadStaged(client: Client, reader: BackupReader): Promise<void> {
  await client.query("BEGIN");
  await useSchema(client, STAGE);
  // What the migrations put in themselves is in the backup too.
  const tables = await presentTables(client);
  await client.query(`TRUNCATE ${tables.map(({ name }) => quote(name)).join(", ")}`);
  const loaded = await load(client, reader);
  const promised = reader.rows() ?? {};
  const wrong = Object.keys(promised).find((table) => promised[table] !== (loaded[table] ?? 0));
  if (wrong !== undefined) {
    throw new Error(
      `The backup is not whole: ${loaded[wrong] ?? 0} rows of ${wrong}, where it promises ${promised[wrong]}.`,
    );
  }
  await client.query("COMMIT");
}

async function move(client: Client): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  const { rows: found } = await client.query<{ schema: string }>("SELECT current_schema() AS schema");
  const own = found[0]?.schema ?? "public";
  await useSchema(client, STAGE);
  const tables = await presentTables(client);
  await useSchema(client, own);
  for (const { name, columns } of tables.filter((table) => table.name !== "leases")) {
    const list = columnList(columns);
    const moved = await client.query(
      `INSERT INTO ${quote(name)} (${list}) SELECT ${list} FROM ${quote(STAGE)}.${quote(name)}`,
    );
    rows[name] = moved.rowCount ?? 0;
  }
  return rows;
}
