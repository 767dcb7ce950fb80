import type { Client } from "pg";
import type { Fields } from "../legacy/fields.ts";
import { parseValue } from "../legacy/parse-value.ts";
import type { Columns, PrismaTables } from "./tables.ts";

const FETCH_ROWS = 1000;
const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

export interface TableQuery {
  table: string;
  /** SQL expressions. */
  orderBy: readonly string[];
  /** SQL with `$1` and so on. */
  where?: { sql: string; values: unknown[] } | undefined;
}

/** A table's rows through a cursor, each value as exact text, JSON parsed. Memory holds a thousand rows. */
export async function* readTable(
  client: Client,
  { schema, tables }: PrismaTables,
  { table, orderBy, where }: TableQuery,
): AsyncGenerator<Fields> {
  const columns = tables.get(table);
  if (columns === undefined) return;
  const list = [...columns].map(([name, type]) => `${asText(name, type)} AS ${quote(name)}`);
  const text =
    `DECLARE rows NO SCROLL CURSOR FOR SELECT ${list.join(", ")} FROM ${schema}.${quote(table)}` +
    (where === undefined ? "" : ` WHERE ${where.sql}`) +
    (orderBy.length === 0 ? "" : ` ORDER BY ${orderBy.join(", ")}`);
  await client.query(text, where?.values ?? []);
  for (;;) {
    const { rows } = await client.query<Record<string, string | null>>(`FETCH ${FETCH_ROWS} FROM rows`);
    for (const row of rows) yield readable(row, columns);
    if (rows.length < FETCH_ROWS) break;
  }
  await client.query("CLOSE rows");
}

export async function countRows(
  client: Client,
  { schema, tables }: PrismaTables,
  table: string,
): Promise<number> {
  if (!tables.has(table)) return 0;
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${schema}.${quote(table)}`);
  return Number(rows[0]?.count ?? 0);
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Prisma's times have no zone and mean UTC. */
function asText(name: string, type: string): string {
  if (type === "timestamp without time zone") return `to_char(${quote(name)}, ${ISO})`;
  if (type === "timestamp with time zone") return `to_char(${quote(name)} AT TIME ZONE 'UTC', ${ISO})`;
  return `${quote(name)}::text`;
}

function readable(row: Record<string, string | null>, columns: Columns): Fields {
  const fields: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(row)) {
    const type = columns.get(name);
    if (text === null) fields[name] = null;
    // The shortest text that means the same double; servers before 12 print more digits than that.
    else if (type === "double precision") fields[name] = shortest(text);
    else if (type === "json" || type === "jsonb") fields[name] = parseValue(text);
    else fields[name] = text;
  }
  return fields;
}

function shortest(text: string): string {
  const value = Number(text);
  return Number.isFinite(value) ? String(value) : text;
}
