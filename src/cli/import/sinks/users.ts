import type { Database, Statement } from "../../../platform/postgres/database.ts";
import type { GivenUser } from "../legacy/user.ts";

type KnownUser = GivenUser & { id: string };

// Whoever has an account here, under this address or id, keeps it as it is, password included.
const INSERT: Statement = {
  name: "import-users",
  text: `
    INSERT INTO users (id, email, name, role, password_hash, created_at, updated_at)
    SELECT u.id, u.email, u.name, coalesce(u.role, 'user'), u.password_hash, coalesce(u.created_at, now()), now()
    FROM json_to_recordset($1::json)
      AS u(id text, email text, name text, role text, password_hash text, created_at timestamptz)
    ON CONFLICT DO NOTHING RETURNING email`,
};
const KNOWN: Statement = {
  name: "known-users",
  text: "SELECT id, email FROM users WHERE email = ANY($1::text[]) OR id = ANY($2::text[])",
};

/** Says which users are here, by address or id. Reads only. */
export async function compareUsers(
  database: Database,
  users: readonly KnownUser[],
): Promise<("new" | "same")[]> {
  const rows = await database.run<{ id: string; email: string }>(KNOWN, [
    users.map(({ email }) => email),
    users.map(({ id }) => id),
  ]);
  const known = new Set(rows.flatMap(({ id, email }) => [`id ${id}`, `email ${email}`]));
  return users.map(({ id, email }) =>
    known.has(`id ${id}`) || known.has(`email ${email}`) ? "same" : "new",
  );
}

/** Adds the users that are not here, all in one statement. @returns which were new. */
export async function takeUsers(
  database: Database,
  users: readonly KnownUser[],
): Promise<("new" | "same")[]> {
  const rows = await database.run<{ email: string }>(INSERT, [JSON.stringify(users)]);
  const added = new Set(rows.map(({ email }) => email));
  // Of two rows with one address the first came in.
  return users.map(({ email }) => (added.delete(email) ? "new" : "same"));
}
