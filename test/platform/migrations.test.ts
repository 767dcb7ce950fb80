import { expect } from "chai";
import { readModelShape } from "../../src/cli/db/model-shape.ts";
import { readShape, type SchemaShape } from "../../src/cli/db/shape.ts";
import { MODELS } from "../../src/models.ts";
import { connectDatabase } from "../../src/platform/postgres/connect.ts";
import {
  MIGRATIONS_FOLDER,
  migrate,
  migrationFiles,
  migrator,
  withMigrationLock,
} from "../../src/platform/postgres/migrate.ts";
import { startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

/** Everything that a migration may leave behind in the schema, one line each. */
async function dump(url: string): Promise<string[]> {
  const rows = await query<{ line: string }>(
    url,
    `WITH here AS (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
     SELECT line FROM (
       SELECT format('relation %s %s %s %s', c.relkind, c.relname, c.reloptions, c.relpersistence) AS line
         FROM pg_class c, here WHERE c.relnamespace = here.oid
       UNION ALL
       SELECT format('column %s %s %s %s null=%s default=%s collation=%s', c.relname, a.attnum, a.attname,
                format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid), l.collname)
         FROM pg_class c CROSS JOIN here JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         LEFT JOIN pg_collation l ON l.oid = a.attcollation
         WHERE c.relnamespace = here.oid AND NOT a.attisdropped
       UNION ALL
       SELECT format('constraint %s %s %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
         FROM pg_constraint k, here WHERE k.connamespace = here.oid
       UNION ALL
       SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = current_schema()
       UNION ALL
       SELECT format('function %s', p.oid::regprocedure) FROM pg_proc p, here WHERE p.pronamespace = here.oid
       UNION ALL
       SELECT format('trigger %s %s', t.tgrelid::regclass, pg_get_triggerdef(t.oid))
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid CROSS JOIN here
         WHERE c.relnamespace = here.oid AND NOT t.tgisinternal
       UNION ALL
       SELECT format('type %s %s', t.typtype, t.typname) FROM pg_type t, here
         WHERE t.typnamespace = here.oid AND t.typtype IN ('e', 'd', 'r')
     ) AS everything WHERE line NOT LIKE '%SequelizeMeta%' ORDER BY line`,
  );
  return rows.map(({ line }) => line);
}

async function readShapes(url: string): Promise<{ models: SchemaShape; database: SchemaShape }> {
  const sequelize = connectDatabase({ url, poolSize: 1 });
  try {
    return { models: await readModelShape(sequelize, MODELS), database: await readShape(sequelize) };
  } finally {
    await sequelize.close();
  }
}

describe("the migrations", () => {
  it("make the same schema again after each was undone, and leave nothing behind when all are", async () => {
    const url = await newDatabase();
    const files = await migrationFiles(MIGRATIONS_FOLDER);
    const states: string[][] = [await dump(url)];
    for (const file of files) {
      await withMigrationLock(url, async (sequelize) => (await migrator(sequelize)).up({ to: file }));
      states.push(await dump(url));
    }
    expect(new Set(states.map((state) => state.join("\n")))).to.have.lengthOf(files.length + 1);
    for (const [index, file] of [...files.entries()].reverse()) {
      await withMigrationLock(url, async (sequelize) => (await migrator(sequelize)).down({ to: file }));
      expect(await dump(url), `after undoing ${file}`).to.deep.equal(states[index]);
    }
    await migrate(url);
    expect(await dump(url)).to.deep.equal(states.at(-1));
  });

  it("have the columns that the models have, of the same type and nullability", async () => {
    const url = await newDatabase();
    await migrate(url);
    const { models, database } = await readShapes(url);
    expect([...database.keys()].sort(), "tables").to.deep.equal([...models.keys()].sort());
    for (const [name, table] of models) {
      const columns = (shape: SchemaShape) =>
        shape
          .get(name)
          ?.columns.map((column) => `${column.name} ${column.type} ${column.nullable ? "null" : "not null"}`)
          .sort();
      expect(columns(database), name).to.deep.equal(columns(models));
      const primary = (shape: SchemaShape) =>
        shape.get(name)?.keys.find((key) => key.startsWith("PRIMARY KEY"));
      expect(primary(database), `the key of ${name}`).to.equal(primary(models));
      expect(table.columns).to.not.be.empty;
    }
  });

  it("run once when four programs migrate an empty database at the same time", async () => {
    const url = await newDatabase();
    const results = await Promise.all([migrate(url), migrate(url), migrate(url), migrate(url)]);
    const files = await migrationFiles(MIGRATIONS_FOLDER);
    expect(results.flat().sort()).to.deep.equal(files);
    expect(results.filter((applied) => applied.length > 0)).to.have.lengthOf(1);
    expect(await query(url, "SELECT seq FROM tape_head")).to.have.lengthOf(1);
  });

  it("run once when two instances start on an empty database at the same time", async () => {
    const url = await newDatabase();
    const log = { DATABASE_URL: url, LOG_LEVEL: "info" };
    const starts = await Promise.allSettled([startInstance(log), startInstance(log)]);
    const instances = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    try {
      expect(starts.map(({ status }) => status)).to.deep.equal(["fulfilled", "fulfilled"]);
      const migrated = instances.filter((instance) => instance.output().includes("migrated the database"));
      expect(migrated).to.have.lengthOf(1);
      const names = await query<{ name: string }>(url, 'SELECT name FROM "SequelizeMeta" ORDER BY name');
      expect(names.map(({ name }) => name)).to.deep.equal(await migrationFiles(MIGRATIONS_FOLDER));
    } finally {
      for (const instance of instances) await instance.stop();
    }
  });
});
