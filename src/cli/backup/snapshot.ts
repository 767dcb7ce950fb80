import type { Client } from "pg";
import type { Target } from "../db/target.ts";
import type { Header } from "./manifest.ts";
import { BOOKKEEPING, ourTables, presentTables, quote, type TableColumns } from "./tables.ts";

/** One snapshot of the database: everything that is saved out of it belongs together. */
export interface Snapshot {
  client: Client;
  target: Target;
  tables: TableColumns[];
  header: Header;
}

/** Looks what there is to save. @throws Error where this is no playground's database. */
export async function takeSnapshot(client: Client, target: Target): Promise<Snapshot> {
  const { rows: there } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('"${BOOKKEEPING}"') IS NOT NULL AND to_regclass('tape_head') IS NOT NULL AS there`,
  );
  if (there[0]?.there !== true)
    throw new Error("There is nothing to save: this database holds no playground.");
  const { rows: applied } = await client.query<{ name: string }>(
    `SELECT name FROM ${quote(BOOKKEEPING)} ORDER BY name`,
  );
  const { rows: heads } = await client.query<{ seq: number; oldest: number; epoch: string }>(
    "SELECT seq::float8 AS seq, oldest::float8 AS oldest, epoch FROM tape_head WHERE id = 1",
  );
  const [head] = heads;
  if (head === undefined)
    throw new Error("The tape has no head row: this database cannot be saved as it is.");
  const wanted = ourTables(target.url);
  const tables = await presentTables(client, wanted);
  const missing = [...wanted].filter((name) => !tables.some((table) => table.name === name));
  if (missing.length > 0) {
    throw new Error(
      `The backup would lack what is not there: ${missing.join(", ")}. Bring the database up to date first (npm run db:migrate).`,
    );
  }
  return {
    client,
    target,
    tables,
    header: {
      format: 1,
      created_at: new Date().toISOString(),
      migrations: applied.map(({ name }) => name),
      head,
    },
  };
}
