import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MODELS } from "../../models.ts";
import { connectDatabase } from "../../platform/postgres/connect.ts";
import { migrate, migrationFiles } from "../../platform/postgres/migrate.ts";
import { changeSql } from "./change-sql.ts";
import { type Consent, confirmLoss } from "./confirm.ts";
import { type Change, describeChange, difference, losesData } from "./difference.ts";
import { explain } from "./explain.ts";
import { cleanName, migrationText, newFileName } from "./migration-file.ts";
import { readModelShape } from "./model-shape.ts";
import { readShape, type SchemaShape } from "./shape.ts";
import type { Target } from "./target.ts";

export interface NewMigration {
  /** What was pending before, and is applied now. */
  before: string[];
  file: string;
  changes: string[];
  applied: boolean;
}

/**
 * Writes a migration file with what the models ask for and the migrations do not yet make, and applies it.
 * The comparison is with the migrations run in a schema of their own and not with the developer's database, so that
 * what db:push has put there is in the file, too.
 * @throws Error with a sentence; where applying failed, the file stays and the sentence says so.
 */
export async function migrateDev(
  target: Target,
  folder: string,
  name: string,
  options: Consent & { createOnly?: boolean },
): Promise<NewMigration> {
  const wanted = cleanName(name);
  const before = await migrate(target.url, folder);
  const { changes, present } = await compare(target, folder);
  const file = newFileName(wanted, await migrationFiles(folder), new Date());
  const text = migrationText(
    wanted,
    changes.map((change) => changeSql(change, present)),
  );
  await writeFile(join(folder, file), text, { flag: "wx" });
  const result = { before, file, changes: changes.map(describeChange) };
  if (options.createOnly) return { ...result, applied: false };
  try {
    const losses = changes.filter(losesData).map(describeChange);
    if (losses.length > 0) await confirmLoss(target, options, losses.join(", "));
    await migrate(target.url, folder);
  } catch (error) {
    throw new Error(
      `${explain(error)} The file ${file} is written and not applied: edit it and run db:migrate, or delete it.`,
    );
  }
  return { ...result, applied: true };
}

async function compare(target: Target, folder: string): Promise<{ changes: Change[]; present: SchemaShape }> {
  const migrated = await withScratchSchema(target.url, async (url) => {
    await migrate(url, folder);
    return await readTables(url);
  });
  const sequelize = connectDatabase({ url: target.url, poolSize: 1, timeLimits: false });
  try {
    const models = await readModelShape(sequelize, MODELS);
    return { changes: difference(models, migrated), present: await readShape(sequelize) };
  } finally {
    await sequelize.close();
  }
}

async function readTables(url: string): Promise<SchemaShape> {
  const sequelize = connectDatabase({ url, poolSize: 1 });
  try {
    return await readShape(sequelize);
  } finally {
    await sequelize.close();
  }
}

async function withScratchSchema<Result>(
  url: string,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const schema = `migrate_dev_${randomBytes(6).toString("hex")}`;
  const scratch = new URL(url);
  scratch.searchParams.set("schema", schema);
  const sequelize = connectDatabase({ url, poolSize: 1, timeLimits: false });
  try {
    return await work(scratch.toString());
  } finally {
    // It is ours alone, made a moment ago under a random name.
    await sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`).finally(() => sequelize.close());
  }
}
