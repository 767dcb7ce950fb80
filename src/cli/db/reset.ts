import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Transaction } from "sequelize";
import type { Sequelize } from "sequelize-typescript";
import { appliedNames, migrate, migrationFiles, withMigrationLock } from "../../platform/postgres/migrate.ts";
import { quote } from "./change-sql.ts";
import type { Target } from "./target.ts";

/** Written on each table that db:push makes, so that it is known as ours. */
export const PUSHED = "Made by trading-playground's db:push.";

export interface Reset {
  dropped: string[];
  /** Tables of others in the same schema. */
  left: string[];
  applied: string[];
}

/**
 * Drops our tables and runs all migrations anew. Ours are those that an applied migration made and those that db:push
 * made; every other table stays, also one with a name that a model has. All are dropped or none, and nothing that
 * depends on them is taken along: where a view of someone else does, PostgreSQL refuses and the data is still there.
 */
export async function reset(target: Target, folder: string): Promise<Reset> {
  const { dropped, left } = await withMigrationLock(target.url, async (sequelize) => {
    const files = await migrationFiles(folder);
    const applied = (await appliedNames(sequelize)).filter((name) => files.includes(name));
    const made = await tablesMadeBy(applied.map((name) => join(folder, name)));
    return await sequelize.transaction(async (transaction) => {
      const present = await presentTables(sequelize, transaction);
      const ours = present.filter(({ name, comment }) => made.has(name) || comment === PUSHED);
      const others = present.filter((table) => !ours.includes(table)).map(({ name }) => name);
      const names = ours.map(({ name }) => name);
      if (names.length > 0) {
        await sequelize.query(`DROP TABLE ${names.map(quote).join(", ")}`, { transaction });
      }
      await forgetMigrations(sequelize, transaction, applied, others.length === 0);
      return { dropped: names, left: others };
    });
  });
  return { dropped, left, applied: await migrate(target.url, folder) };
}

/** The tables that these migration files make, or rename to, as their text says. */
async function tablesMadeBy(paths: string[]): Promise<Set<string>> {
  const names = new Set<string>();
  for (const path of paths) {
    const text = await readFile(path, "utf8");
    const made = text.matchAll(
      /\b(?:CREATE\s+(?:UNLOGGED\s+)?TABLE(?:\s+IF\s+NOT\s+EXISTS)?|RENAME\s+TO)\s+"?(\w+)"?|\.createTable\(\s*["'`](\w+)/gi,
    );
    for (const [, sql, call] of made) names.add(sql ?? call ?? "");
  }
  return names;
}

interface PresentTable {
  name: string;
  comment: string | null;
}

async function presentTables(sequelize: Sequelize, transaction: Transaction): Promise<PresentTable[]> {
  const [rows] = await sequelize.query(
    `SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname <> 'SequelizeMeta'
     ORDER BY c.relname`,
    { transaction },
  );
  return rows as PresentTable[];
}

/** The bookkeeping may be shared with another program, so its rows stay as long as there are tables of others. */
async function forgetMigrations(
  sequelize: Sequelize,
  transaction: Transaction,
  names: string[],
  isAllOurs: boolean,
): Promise<void> {
  if (isAllOurs) await sequelize.query('DROP TABLE IF EXISTS "SequelizeMeta"', { transaction });
  else if (names.length > 0) {
    await sequelize.query('DELETE FROM "SequelizeMeta" WHERE name IN (:names)', {
      replacements: { names },
      transaction,
    });
  }
}
