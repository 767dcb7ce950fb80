import { randomBytes } from "node:crypto";
import type { Database, Statement } from "../platform/postgres/database.ts";

const NAME = "session";

const MAKE: Statement = {
  name: "make-secret",
  text: "INSERT INTO made_secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
};
const READ: Statement = { name: "read-secret", text: "SELECT value FROM made_secrets WHERE name = $1" };

/**
 * What session cookies are signed with. Where no setting gives it, it is made up once for a database, so that all
 * instances have the same one. The signature only spares look-ups: what opens a session is its random id.
 */
export async function sessionSecretOf(database: Database, configured: string | undefined): Promise<string> {
  if (configured !== undefined) return configured;
  await database.run(MAKE, [NAME, randomBytes(32).toString("base64url")]);
  const [row] = await database.run<{ value: string }>(READ, [NAME]);
  if (row === undefined) throw new Error("The made-up session secret cannot be read.");
  return row.value;
}
