import type { ModelAttributeColumnOptions } from "sequelize";
import type { ModelCtor, Sequelize } from "sequelize-typescript";
import { readShape, type SchemaShape } from "./shape.ts";

// Sequelize has the generator but types it as unknown.
interface QueryGenerator {
  attributesToSQL(
    attributes: Record<string, ModelAttributeColumnOptions>,
    options: { context: string },
  ): Record<string, string>;
  createTableQuery(
    table: { tableName: string; schema: string },
    attributes: Record<string, string>,
    options: { uniqueKeys?: unknown },
  ): string;
}

/**
 * What the models ask for, in PostgreSQL's own words: it makes temporary tables of them, reads these from the
 * catalogue like any others, and rolls back.
 * @returns the tables in the models' order. @throws Error with a sentence for a type that cannot be made that way.
 */
export async function readModelShape(sequelize: Sequelize, models: ModelCtor[]): Promise<SchemaShape> {
  sequelize.addModels(models);
  const generator = sequelize.getQueryInterface().queryGenerator as unknown as QueryGenerator;
  const transaction = await sequelize.transaction();
  try {
    for (const model of models) {
      const attributes = model.getAttributes() as Record<string, ModelAttributeColumnOptions>;
      const plain = Object.entries(attributes).map(([name, attribute]) => {
        refuseEnum(model.tableName, name, attribute);
        // A temporary table may not refer to a lasting one.
        const { references: _, ...rest } = attribute;
        return [name, rest as ModelAttributeColumnOptions] as const;
      });
      const columns = generator.attributesToSQL(Object.fromEntries(plain), { context: "createTable" });
      const table = { tableName: model.tableName, schema: "pg_temp" };
      const uniqueKeys = (model as unknown as { uniqueKeys?: unknown }).uniqueKeys;
      await sequelize.query(generator.createTableQuery(table, columns, { uniqueKeys }), { transaction });
    }
    const shape = await readShape(sequelize, "temporary", transaction);
    for (const model of models) addReferences(shape, model);
    return new Map(models.flatMap(({ tableName }) => [...shape].filter(([name]) => name === tableName)));
  } finally {
    await transaction.rollback();
  }
}

function refuseEnum(table: string, name: string, { type }: ModelAttributeColumnOptions): void {
  if (typeof type === "object" && "key" in type && type.key === "ENUM") {
    throw new Error(`The column ${table}.${name} is an ENUM: use TEXT, with a CHECK in its migration.`);
  }
}

function addReferences(shape: SchemaShape, model: ModelCtor): void {
  for (const attribute of Object.values(model.getAttributes())) {
    const { field, references, onDelete } = attribute as ModelAttributeColumnOptions;
    if (references === undefined || typeof references === "string" || !("model" in references)) continue;
    const column = shape.get(model.tableName)?.columns.find(({ name }) => name === field);
    if (column === undefined || references.model === undefined) continue;
    const { model: target } = references;
    const table = typeof target === "string" ? target : "tableName" in target ? target.tableName : "";
    const rule = onDelete === undefined ? "" : ` ON DELETE ${onDelete.toUpperCase()}`;
    column.references = `REFERENCES "${table}" ("${references.key ?? "id"}")${rule}`;
  }
}
