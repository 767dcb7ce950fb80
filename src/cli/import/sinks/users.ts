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
  text: "SELECT id, email, name, role FROM users WHERE email = ANY($1::text[]) OR id = ANY($2::text[])",
};

/** How a user stands to the accounts here, by address or id; the password is none of anybody's business. */
type UserStanding = "new" | "same" | "different";

/** Why a user is not taken over whose address or id belongs to an account that is here. */
export const OTHER_ACCOUNT = "has an account here already, by its address or id, which stays as it is";

/** Says how users stand to the accounts that are here. Reads only. */
export async function compareUsers(database: Database, users: readonly KnownUser[]): Promise<UserStanding[]> {
  const rows = await database.run<{ id: string; email: string; name: string | null; role: string }>(KNOWN, [
    users.map(({ email }) => email),
    users.map(({ id }) => id),
  ]);
  const known = new Map(rows.flatMap((row) => [[`id ${row.id}`, row] as const, [`email ${row.email}`, row]]));
  return users.map(({ id, email, name, role }) => {
    const row = known.get(`email ${email}`) ?? known.get(`id ${id}`);
    if (row === undefined) return "new";
    const isSame =
      row.id === id &&
      row.email === email &&
      (name === undefined || name === row.name) &&
      (role === undefined || role === row.role);
    return isSame ? "same" : "different";
  });
}

/** Adds the users that are not here, all in one statement. @returns how each stood before. */
export async function takeUsers(database: Database, users: readonly KnownUser[]): Promise<UserStanding[]> {
  const rows = await database.run<{ email: string }>(INSERT, [JSON.stringify(users)]);
  const added = new Set(rows.map(({ email }) => email));
  const standings = added.size === users.length ? [] : await compareUsers(database, users);
  // Of two rows with one address the first came in.
  return users.map(({ email }, index) => (added.delete(email) ? "new" : (standings[index] ?? "same")));
}
