import { eventually } from "./eventually.ts";
import { query } from "./postgres.ts";

/** How many rows of a table statements have read so far, once everyone else has left the database and said so. */
export async function rowsRead(database: string, table: string): Promise<number> {
  await eventually(async () => {
    const [row] = await query<{ others: number }>(
      database,
      `SELECT count(*)::int AS others FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    );
    return row?.others === 0;
  });
  const [row] = await query<{ rows: string }>(
    database,
    "SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_user_tables WHERE relname = $1",
    [table],
  );
  return Number(row?.rows);
}
