import { connectDatabase } from "../../platform/postgres/connect.ts";
import {
  appliedNames,
  migrationFiles,
  migrator,
  withMigrationLock,
} from "../../platform/postgres/migrate.ts";
import type { Target } from "./target.ts";

export interface MigrationStatus {
  applied: string[];
  pending: string[];
  /** Applied once, and no file of that name is here: made on another branch, or by another program. */
  missing: string[];
}

/** What is applied and what is pending. Changes nothing, and waits for no lock. */
export async function readStatus(target: Target, folder: string): Promise<MigrationStatus> {
  const sequelize = connectDatabase({ url: target.url, poolSize: 1 });
  try {
    const applied = await appliedNames(sequelize);
    const files = await migrationFiles(folder);
    return {
      applied: files.filter((name) => applied.includes(name)),
      pending: files.filter((name) => !applied.includes(name)),
      missing: applied.filter((name) => !files.includes(name)),
    };
  } finally {
    await sequelize.close();
  }
}

/**
 * Undoes the newest migration, or all down to and including `to`, or all.
 * @param agree is asked where there is something to undo; throws where nobody agrees.
 * @returns the names, newest first. @throws Error where `to` is not applied.
 */
export async function undo(
  target: Target,
  folder: string,
  options: { to?: string | undefined; all?: boolean | undefined },
  agree: () => Promise<void>,
): Promise<string[]> {
  return await withMigrationLock(target.url, async (sequelize) => {
    // umzug would make its table just to find it empty, and in a schema that is not there it could not.
    const applied = await appliedNames(sequelize);
    if (options.to === undefined && applied.length === 0) return [];
    const to = options.to === undefined ? undefined : fileName(options.to);
    if (to !== undefined && !applied.includes(to)) throw new Error(`The migration ${to} is not applied.`);
    if (applied.length === 0) return [];
    await agree();
    const umzug = await migrator(sequelize, folder);
    const undone = await (options.all ? umzug.down({ to: 0 }) : to ? umzug.down({ to }) : umzug.down());
    return undone.map(({ name }) => name);
  });
}

function fileName(name: string): string {
  return name.endsWith(".js") ? name : `${name}.js`;
}
