import type { ColumnShape, SchemaShape, TableShape } from "./shape.ts";

/** One step that brings a database up to the models. */
export type Change =
  | { kind: "create table"; table: TableShape }
  | { kind: "add column"; table: string; column: ColumnShape; unique: boolean }
  | { kind: "drop column"; table: string; column: ColumnShape }
  | { kind: "change type"; table: string; column: string; from: ColumnShape; to: ColumnShape }
  | { kind: "change nullability"; table: string; column: string; nullable: boolean };

/**
 * What the models have and a database has not, and the other way round. Tables that no model knows are another's and
 * are passed over; so are defaults, checks, collations and indexes, which the migrations alone decide.
 */
export function difference(models: SchemaShape, database: SchemaShape): Change[] {
  return [...models.values()].flatMap((wanted): Change[] => {
    const present = database.get(wanted.name);
    return present === undefined ? [{ kind: "create table", table: wanted }] : tableChanges(wanted, present);
  });
}

function tableChanges(wanted: TableShape, present: TableShape): Change[] {
  const table = wanted.name;
  const changes: Change[] = [];
  for (const column of wanted.columns) {
    const there = present.columns.find(({ name }) => name === column.name);
    if (there === undefined) {
      const unique = wanted.keys.some((key) =>
        [`UNIQUE (${column.name})`, `UNIQUE ("${column.name}")`].includes(key),
      );
      changes.push({ kind: "add column", table, column, unique });
      continue;
    }
    if (there.type !== column.type) {
      changes.push({ kind: "change type", table, column: column.name, from: there, to: column });
    }
    if (there.nullable !== column.nullable) {
      changes.push({ kind: "change nullability", table, column: column.name, nullable: column.nullable });
    }
  }
  for (const column of present.columns) {
    if (wanted.columns.every(({ name }) => name !== column.name)) {
      changes.push({ kind: "drop column", table, column });
    }
  }
  return changes;
}

/** The change as the end of a sentence: "adds the column trades.venue". */
export function describeChange(change: Change): string {
  if (change.kind === "create table") return `makes the table ${change.table.name}`;
  if (change.kind === "add column") return `adds the column ${change.table}.${change.column.name}`;
  if (change.kind === "drop column")
    return `drops the column ${change.table}.${change.column.name} with its data`;
  const column = `${change.table}.${change.column}`;
  if (change.kind === "change type") {
    return `changes ${column} from ${change.from.type} to ${change.to.type}`;
  }
  return change.nullable ? `lets ${column} be null` : `forbids null in ${column}`;
}

/** Whether data may be lost by it. */
export function losesData(change: Change): boolean {
  return change.kind === "drop column" || change.kind === "change type";
}
