import { MODELS } from "../../models.ts";
import { migrate, withMigrationLock } from "../../platform/postgres/migrate.ts";
import { changeSql, quote } from "./change-sql.ts";
import { describeChange, difference, losesData } from "./difference.ts";
import { readModelShape } from "./model-shape.ts";
import { PUSHED } from "./reset.ts";
import { readShape } from "./shape.ts";
import type { Target } from "./target.ts";

export interface Push {
  migrations: string[];
  done: string[];
  /** What the models ask for and would lose data. */
  left: string[];
}

/**
 * Applies the pending migrations, and then, in one transaction, what the models ask for beyond them. What would lose
 * data is left undone unless `force` is set.
 * Not `sequelize.sync({ alter: true })`: that sets each column's type anew, which rewrites tables and drops the
 * collations of the migrations, and adds unique constraints again on every run.
 */
export async function push(target: Target, folder: string, options: { force?: boolean }): Promise<Push> {
  const migrations = await migrate(target.url, folder);
  return await withMigrationLock(target.url, async (sequelize) => {
    const changes = difference(await readModelShape(sequelize, MODELS), await readShape(sequelize));
    const wanted = changes.filter((change) => options.force || !losesData(change));
    await sequelize.transaction(async (transaction) => {
      for (const change of wanted) {
        await sequelize.query(changeSql(change).up, { transaction });
        if (change.kind !== "create table") continue;
        const comment = `COMMENT ON TABLE ${quote(change.table.name)} IS ${sequelize.escape(PUSHED)}`;
        await sequelize.query(comment, { transaction });
      }
    });
    const left = changes.filter((change) => !wanted.includes(change));
    return { migrations, done: wanted.map(describeChange), left: left.map(describeChange) };
  });
}
