import type { Client } from "pg";
import type { Fields } from "../legacy/fields.ts";
import { parseValue } from "../legacy/parse-value.ts";
import type { PrismaTables } from "./tables.ts";

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
  const special = [...columns].flatMap(([name, type]) =>
    READERS[type] === undefined ? [] : [{ name, read: READERS[type] }],
  );
  for (;;) {
    const { rows } = await client.query<Record<string, string | null>>(`FETCH ${FETCH_ROWS} FROM rows`);
    for (const row of rows) yield readable(row, special);
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

/** The moment of the client's snapshot by the server's own clock, spelled as the times in a table's rows. */
export async function readMoment(client: Client): Promise<string> {
  const { rows } = await client.query<{ now: string }>(
    `SELECT to_char(now() AT TIME ZONE 'UTC', ${ISO}) AS now`,
  );
  return rows[0]?.now ?? "";
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Prisma's times have no zone and mean UTC. */
function asText(name: string, type: string): string {
  if (type === "timestamp without time zone") return `to_char(${quote(name)}, ${ISO})`;
  if (type === "timestamp with time zone") return `to_char(${quote(name)} AT TIME ZONE 'UTC', ${ISO})`;
  return `${quote(name)}::text`;
}

/** How to read what is more than its text. Servers before 12 print more digits of a double than tell it from others. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  "double precision": (text) =>
    text.length > 15 && Number.isFinite(Number(text)) ? String(Number(text)) : text,
  json: valueOrText,
  jsonb: valueOrText,
};

/** What is nested too deeply to be taken apart stays a text, for the contract to refuse. */
function valueOrText(text: string): unknown {
  try {
    return parseValue(text);
  } catch {
    return text;
  }
}

/** The row itself, its special columns read in place. */
function readable(
  row: Record<string, unknown>,
  special: readonly { name: string; read: (text: string) => unknown }[],
): Fields {
  for (const { name, read } of special) {
    const text = row[name];
    if (typeof text === "string") row[name] = read(text);
  }
  return row;
}
