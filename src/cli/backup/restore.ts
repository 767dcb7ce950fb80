import type { Client } from "pg";
import { migrationFiles, migrator, withMigrationLock } from "../../platform/postgres/migrate.ts";
import type { Target } from "../db/target.ts";
import { checkRestored } from "./check-restored.ts";
import { load } from "./load.ts";
import { type BackupReader, readBackup } from "./read-backup.ts";
import { stage } from "./stage.ts";
import { openClient, ourTables, presentTables, quote, useSchema } from "./tables.ts";

/** Rows here mean that there is something to lose. */
const PRECIOUS = ["trades", "tape", "portfolios", "sentiments", "users"];

export interface Restored {
  /** The tape's new identity: whoever knows the old one is told to start anew. */
  epoch: string;
  head: number;
  rows: Record<string, number>;
  /** Migrations that the backup's data went through, since it was older. */
  migrated: string[];
  /** False for a dump without its manifest: then only the tape itself was checked. */
  isCounted: boolean;
}

/**
 * Puts a backup in the place of all our data, all or nothing, while instances may run: until it is through they see the
 * old data, and then a tape with a new epoch. A backup of an older schema is brought up to date on the way.
 * @param agree is asked where data would be lost; throws where nobody agrees.
 * @throws Error with a sentence; the data is as it was then.
 */
export async function restore(
  target: Target,
  file: string,
  folder: string,
  agree: (loss: string) => Promise<void>,
): Promise<Restored> {
  const reader = await readBackup(file);
  const files = await migrationFiles(folder);
  const unknown = reader.migrations.filter((name) => !files.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The backup is of a newer version, with the migration ${unknown[0]}: update this program first.`,
    );
  }
  return await withMigrationLock(target.url, async (sequelize) => {
    if (target.schema !== undefined)
      await sequelize.query(`CREATE SCHEMA IF NOT EXISTS ${quote(target.schema)}`);
    await sequelize.query('CREATE TABLE IF NOT EXISTS "SequelizeMeta" (name varchar(255) PRIMARY KEY)');
    await (await migrator(sequelize, folder)).up();
    const client = await openClient(target.url, "restore");
    try {
      const precious = await countPrecious(client, target.schema);
      if (precious !== "") await agree(`replaces what is here (${precious})`);
      const migrated = files.filter((name) => !reader.migrations.includes(name));
      return migrated.length === 0
        ? await replace(client, target, reader, (transaction) => load(transaction, reader), [])
        : await stage(target, folder, reader, (move) => replace(client, target, reader, move, migrated));
    } finally {
      await client.end().catch(() => {});
    }
  });
}

async function countPrecious(client: Client, schema: string | undefined): Promise<string> {
  await client.query("BEGIN READ ONLY");
  await useSchema(client, schema);
  const found: string[] = [];
  for (const table of PRECIOUS) {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) AS count FROM ${quote(table)}`);
    if (rows[0]?.count !== "0") found.push(`${rows[0]?.count} rows of ${table}`);
  }
  await client.query("COMMIT");
  return found.join(", ");
}

/** Empties our tables, fills them, checks them and gives the tape its new epoch, in one transaction. */
async function replace(
  client: Client,
  { url, schema }: Target,
  reader: BackupReader,
  fill: (client: Client) => Promise<Record<string, number>>,
  migrated: string[],
): Promise<Restored> {
  await client.query("BEGIN");
  try {
    await useSchema(client, schema);
    // A lease belongs to an instance that runs now.
    const tables = (await presentTables(client, ourTables(url))).filter(({ name }) => name !== "leases");
    await client.query(`TRUNCATE ${tables.map(({ name }) => quote(name)).join(", ")}`);
    const rows = await fill(client);
    // Migrations may add rows and take some, so an older backup's were counted before them.
    const head = await checkRestored(client, rows, migrated.length === 0 ? reader.rows() : undefined);
    const { rows: made } = await client.query<{ epoch: string }>(
      "UPDATE tape_head SET epoch = substr(md5(gen_random_uuid()::text), 1, 12), timeline = NULL WHERE id = 1 RETURNING epoch",
    );
    await client.query("COMMIT");
    return { epoch: made[0]?.epoch ?? "", head, rows, migrated, isCounted: reader.rows() !== undefined };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}
