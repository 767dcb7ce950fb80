import { Client } from "pg";
import { MODELS } from "../../models.ts";
import { clientConfig, connectDatabase } from "../../platform/postgres/connect.ts";

/** Where applied migrations are written down. */
export const BOOKKEEPING = "SequelizeMeta";
/**
 * What is true of running instances and signed-in browsers, and would be wrong in another life; and what is made again
 * from the rest.
 */
const NOT_SAVED = new Set([
  "leases",
  "sessions",
  "password_resets",
  "made_secrets",
  "scoreboard_checkpoints",
]);

export interface TableColumns {
  name: string;
  columns: string[];
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const columnList = (columns: readonly string[]) => columns.map(quote).join(", ");
export const isSaved = (table: string) => !NOT_SAVED.has(table);

/** A connection of its own, for work that may take its time. */
export async function openClient(url: string, name: string): Promise<Client> {
  const client = new Client({ ...clientConfig(url), application_name: `trading-playground ${name}` });
  // A lost connection fails the query that runs; without a listener it would also end the process.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** Our tables' names, as the models have them. */
export function ourTables(url: string): Set<string> {
  connectDatabase({ url, poolSize: 1, models: MODELS });
  return new Set(MODELS.map((model) => model.tableName));
}

/**
 * The tables of the connection's schema with their columns, those that others refer to first.
 * @param wanted only these; absent: all but the bookkeeping.
 */
export async function presentTables(client: Client, wanted?: ReadonlySet<string>): Promise<TableColumns[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] | null }>(
    `SELECT c.relname AS name,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       (SELECT array_agg(f.confrelid::regclass::oid::text) FROM pg_constraint f
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS needs,
       c.oid::text AS oid
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
     ORDER BY c.relname`,
  );
  const all = (rows as ((typeof rows)[number] & { oid: string })[]).filter(
    ({ name }) => name !== BOOKKEEPING && (wanted?.has(name) ?? true),
  );
  const ordered: typeof all = [];
  const visit = (table: (typeof all)[number]) => {
    if (ordered.includes(table)) return;
    for (const need of table.needs ?? []) {
      const other = all.find(({ oid }) => oid === need);
      if (other !== undefined && !ordered.includes(other)) visit(other);
    }
    ordered.push(table);
  };
  for (const table of all) visit(table);
  return ordered.map(({ name, columns }) => ({ name, columns }));
}

/** Makes a transaction's unqualified names mean this schema, also behind pgbouncer. */
export async function useSchema(client: Client, schema: string | undefined): Promise<void> {
  if (schema !== undefined) await client.query(`SET LOCAL search_path = ${quote(schema)}`);
}
