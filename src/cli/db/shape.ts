import type { Transaction } from "sequelize";
import type { Sequelize } from "sequelize-typescript";

/** A column as PostgreSQL itself describes it. */
export interface ColumnShape {
  name: string;
  /** PostgreSQL's own spelling: `timestamp with time zone`, `numeric(10,2)`. */
  type: string;
  nullable: boolean;
  /** The default as SQL; null where there is none, or where the column numbers itself. */
  default: string | null;
  /** Whether PostgreSQL hands out the values: serial or identity. */
  numbered: boolean;
  /** `REFERENCES …` as a model asks for it. Not read from a database, and not compared. */
  references?: string;
}

export interface TableShape {
  name: string;
  columns: ColumnShape[];
  /** `PRIMARY KEY (…)` and `UNIQUE (…)`. */
  keys: string[];
}

export type SchemaShape = Map<string, TableShape>;

interface ShapeRow {
  name: string;
  columns: ColumnShape[] | null;
  keys: string[] | null;
}

/** Where tables are looked for: the schema that new tables go to, or the session's temporary ones. */
export type Place = "current" | "temporary";

const NAMESPACE: Record<Place, string> = {
  current: "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())",
  temporary: "pg_my_temp_schema()",
};

/** Reads the tables of a schema from PostgreSQL's catalogue, sequelize's bookkeeping table left out. */
export async function readShape(
  sequelize: Sequelize,
  place: Place = "current",
  transaction?: Transaction,
): Promise<SchemaShape> {
  const [rows] = (await sequelize.query(
    `SELECT c.relname AS name,
       (SELECT json_agg(json_build_object(
            'name', a.attname,
            'type', format_type(a.atttypid, a.atttypmod),
            'nullable', NOT a.attnotnull,
            'default', CASE WHEN pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' THEN NULL
                            ELSE pg_get_expr(d.adbin, d.adrelid) END,
            'numbered', a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false)
          ) ORDER BY a.attnum)
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT json_agg(pg_get_constraintdef(k.oid) ORDER BY k.contype, k.conname)
        FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u')) AS keys
     FROM pg_class c
     WHERE c.relnamespace = ${NAMESPACE[place]} AND c.relkind IN ('r', 'p') AND c.relname <> 'SequelizeMeta'
     ORDER BY c.relname`,
    transaction === undefined ? {} : { transaction },
  )) as [ShapeRow[], unknown];
  return new Map(
    rows.map(({ name, columns, keys }) => [name, { name, columns: columns ?? [], keys: keys ?? [] }]),
  );
}
