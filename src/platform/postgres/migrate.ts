import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { QueryInterface } from "sequelize";
import type { Sequelize } from "sequelize-typescript";
import { connectDatabase, readAddress } from "./connect.ts";
import type { Database, Statement } from "./database.ts";
import { explainPooler, isDatabaseUnavailable } from "./errors.ts";

// Any constant will do, as long as every instance takes the same one.
const MIGRATION_LOCK = 728_301_554;
const LOCK_WAIT_MS = 120_000;
const LOCK_POLL_MS = 100;

interface MigrationFile {
  up(queryInterface: QueryInterface): Promise<void>;
  down(queryInterface: QueryInterface): Promise<void>;
}

export const MIGRATIONS_FOLDER = fileURLToPath(new URL("../../../migrations/", import.meta.url));

/** The migration files' names in the order in which they run. */
export async function migrationFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".js")).sort();
}

/** The names in the bookkeeping table; none where there is no such table. Changes nothing. */
export async function appliedNames(sequelize: Sequelize): Promise<string[]> {
  const [[found]] = (await sequelize.query(`SELECT to_regclass('"SequelizeMeta"') IS NOT NULL AS there`)) as [
    { there: boolean }[],
    unknown,
  ];
  if (found?.there !== true) return [];
  const [rows] = (await sequelize.query('SELECT name FROM "SequelizeMeta" ORDER BY name')) as [
    { name: string }[],
    unknown,
  ];
  return rows.map((row) => row.name);
}

const READ_APPLIED: Statement = {
  name: "applied-migrations",
  isUrgent: true,
  text: 'SELECT name FROM "SequelizeMeta"',
};
const CHECK_MS = 2_000;

/** Whether all migrations of this version are applied, looked up at most every two seconds; false where it cannot be known. */
export function migrationCheck(database: Database, folder = MIGRATIONS_FOLDER): () => Promise<boolean> {
  let last: { at: number; answer: Promise<boolean> } | undefined;
  const look = async () => {
    const wanted = await migrationFiles(folder);
    const applied = new Set((await database.run<{ name: string }>(READ_APPLIED, [])).map(({ name }) => name));
    return wanted.every((name) => applied.has(name));
  };
  return () => {
    if (last === undefined || performance.now() - last.at > CHECK_MS) {
      last = { at: performance.now(), answer: look().catch(() => false) };
    }
    return last.answer;
  };
}

/** The same migrations, names and bookkeeping table that sequelize-cli uses, so that the two agree. */
export async function migrator(sequelize: Sequelize, folder = MIGRATIONS_FOLDER) {
  // A tenth of a second of loading, and most starts have nothing to migrate.
  const { SequelizeStorage, Umzug } = await import("umzug");
  return new Umzug({
    migrations: {
      glob: ["*.js", { cwd: folder }],
      resolve: ({ name, path, context }) => {
        const load = async (): Promise<MigrationFile> => await import(pathToFileURL(path ?? "").href);
        return {
          name,
          up: async () => (await load()).up(context),
          down: async () => (await load()).down(context),
        };
      },
    },
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize }),
    logger: undefined,
  });
}

/**
 * Runs `work` while this process alone may change the schema.
 * The lock belongs to a transaction, so it also holds behind pgbouncer and ends with the connection.
 */
export async function withMigrationLock<Result>(
  url: string,
  work: (sequelize: Sequelize) => Promise<Result>,
): Promise<Result> {
  const sequelize = connectDatabase({ url, poolSize: 3, timeLimits: false });
  rollBackQuietly(sequelize);
  try {
    return await sequelize.transaction(async (transaction) => {
      const deadline = Date.now() + LOCK_WAIT_MS;
      for (;;) {
        const [rows] = await sequelize.query(
          `SELECT pg_try_advisory_xact_lock(${MIGRATION_LOCK}) AS locked`,
          {
            transaction,
          },
        );
        if ((rows[0] as { locked: boolean }).locked) break;
        if (Date.now() > deadline) throw new Error("Another instance has been migrating for two minutes.");
        await sleep(LOCK_POLL_MS);
      }
      return await work(sequelize);
    });
  } catch (error) {
    throw explainPooler(error) ?? error;
  } finally {
    await sequelize.close();
  }
}

/** A connection that is gone took its transaction with it: Sequelize would print a line of its own beside the error. */
function rollBackQuietly(sequelize: Sequelize): void {
  const queries = sequelize.getQueryInterface();
  const rollBack = queries.rollbackTransaction.bind(queries);
  queries.rollbackTransaction = (...of) =>
    rollBack(...of).catch((error: unknown) => {
      if (!isDatabaseUnavailable(error)) throw error;
    });
}

/** Brings the database up to the newest migration; of instances that start together one migrates and the rest wait. */
export async function migrate(url: string, folder = MIGRATIONS_FOLDER): Promise<string[]> {
  return await withMigrationLock(url, async (sequelize) => {
    const { schema } = readAddress(url);
    if (schema !== undefined) await sequelize.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    // Sequelize looks for its bookkeeping table in `public` whatever the search path says, and then does not make ours.
    await sequelize.query('CREATE TABLE IF NOT EXISTS "SequelizeMeta" (name varchar(255) PRIMARY KEY)');
    const applied = await appliedNames(sequelize);
    if ((await migrationFiles(folder)).every((name) => applied.includes(name))) return [];
    const made = await (await migrator(sequelize, folder)).up();
    return made.map(({ name }) => name);
  });
}
