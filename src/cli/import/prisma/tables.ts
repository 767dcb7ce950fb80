import type { Client } from "pg";
import { ImportError } from "../source.ts";
import type { PrismaAddress } from "./connection.ts";

/** Columns of a table by name, with their types as PostgreSQL calls them. */
export type Columns = ReadonlyMap<string, string>;

export interface PrismaTables {
  /** Quoted, with its schema: what a query says in front of a table. */
  schema: string;
  tables: ReadonlyMap<string, Columns>;
}

/** Of each table what has to be there, one of each list. */
const REQUIRED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Trade: [["model"], ["symbol", "coin"], ["side"], ["quantity"], ["priceEntry"]],
  Portfolio: [["model"]],
  Sentiment: [["symbol", "coin"], ["score"]],
  User: [["email"]],
};

/**
 * Looks which of Prisma's tables and columns there are; older databases lack some.
 * @throws ImportError where it is no database of the playground.
 */
export async function readTables(client: Client, { name, schema }: PrismaAddress): Promise<PrismaTables> {
  const { rows } = await client.query<{ schema: string; table: string; column: string; type: string }>(
    `SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = coalesce($1, current_schema()) AND c.relkind IN ('r', 'p', 'v', 'm')
       AND c.relname = ANY($2::text[]) ORDER BY a.attnum`,
    [schema ?? null, [...Object.keys(REQUIRED), "Account", "Session", "VerificationToken"]],
  );
  const tables = new Map<string, Map<string, string>>();
  for (const { table, column, type } of rows) {
    const columns = tables.get(table) ?? new Map<string, string>();
    tables.set(table, columns.set(column, type));
  }
  if (!tables.has("Trade")) {
    throw new ImportError(
      `${name} has no table "Trade"${schema === undefined ? " where its search path leads; ?schema=name in the URL names another schema" : ""}.`,
    );
  }
  for (const [table, required] of Object.entries(REQUIRED)) {
    const columns = tables.get(table);
    const missing = required.filter(
      (names) => columns !== undefined && !names.some((one) => columns.has(one)),
    );
    if (missing.length === 0) continue;
    const list = missing.map((names) => names.join(" or ")).join(", ");
    throw new ImportError(`The table "${table}" of ${name} is not the playground's: it lacks ${list}.`);
  }
  return { schema: `"${(rows[0]?.schema ?? "public").replaceAll('"', '""')}"`, tables };
}
