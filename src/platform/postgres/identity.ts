import { createHash } from "node:crypto";
import type { Database, Statement } from "./database.ts";

// A copy of the data folder is told apart by where it lies, or, where that may not be read, by the port it is served on.
const PLACE: Statement = {
  name: "database-place",
  text: `SELECT (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS database,
    current_schema() AS schema,
    CASE WHEN pg_has_role(current_user, 'pg_read_all_settings', 'USAGE') THEN current_setting('data_directory')
         ELSE current_setting('port') END AS place`,
};
const SYSTEM: Statement = {
  name: "database-system",
  text: "SELECT system_identifier::text AS system FROM pg_control_system()",
};

/**
 * A short name of this very database and schema, the same for whoever reaches it, by whatever address, and through
 * restarts and restores. One that was copied from it, as a template, a dump or a folder, has another one.
 */
export async function readIdentity(database: Database): Promise<string> {
  const [place] = await database.run<Record<string, string>>(PLACE, []);
  // Not every host lets everyone ask.
  const system = await database.run<{ system: string }>(SYSTEM, []).then(
    ([row]) => row?.system,
    () => undefined,
  );
  const parts = [system, place?.database, place?.schema, place?.place];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}
