import type { ListedUser, UserChange } from "../contracts/users.ts";
import { conflict, notFound } from "../platform/errors.ts";
import type { Database } from "../platform/postgres/database.ts";
import { inTransaction, type Query } from "../platform/postgres/transaction.ts";
import type { Credential } from "./identity.ts";
import { LISTED_COLUMNS, listedUser } from "./list-users.ts";

// Held by one change at a time, so that two admins never take each other's rights at once and none is left.
const LOCK_ADMINS = `SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL
  ORDER BY id FOR NO KEY UPDATE`;
const CHANGE = `UPDATE users SET
    role = coalesce($2, role),
    role_set_at = CASE WHEN $2 IS NULL THEN role_set_at ELSE now() END,
    disabled_at = CASE $3::boolean WHEN true THEN coalesce(disabled_at, now()) WHEN false THEN NULL ELSE disabled_at END,
    updated_at = now()
  WHERE id = $1 RETURNING ${LISTED_COLUMNS}`;

export interface ChangedUser {
  user: ListedUser;
  /** What ended with it. */
  ended: Credential[];
}

/**
 * Gives an account another role, disables it or enables it again. The sessions and keys of a disabled account end for good.
 * @param by the id of the admin who does it.
 * @throws AppError 404; 409 where an admin would lose what they have themselves, or the last one would be gone.
 */
export async function changeUser(
  database: Database,
  by: string,
  id: string,
  { role, disabled }: UserChange,
): Promise<ChangedUser> {
  const losesAdmin = disabled === true || (role !== undefined && role !== "admin");
  if (losesAdmin && id === by) {
    throw conflict("You cannot disable your own account or make it less than an admin's; another admin can.");
  }
  let isLastAdmin = false;
  const changed = await inTransaction(database, async (query) => {
    const admins = await query<{ id: string }>(LOCK_ADMINS, []);
    isLastAdmin = losesAdmin && admins.length === 1 && admins[0]?.id === id;
    if (isLastAdmin) return undefined;
    const [user] = await query<ListedUser>(CHANGE, [id, role ?? null, disabled ?? null]);
    if (user === undefined) return undefined;
    return { user: listedUser(user), ended: user.disabled ? await endCredentials(query, id) : [] };
  });
  if (isLastAdmin) throw conflict("The last admin cannot be disabled or made less than an admin.");
  if (changed === undefined) throw notFound("There is no such account.");
  return changed;
}

async function endCredentials(query: Query, userId: string): Promise<Credential[]> {
  await query("DELETE FROM password_resets WHERE user_id = $1", [userId]);
  const sessions = await query<{ id: string }>(
    "DELETE FROM sessions WHERE user_id = $1 RETURNING sid AS id",
    [userId],
  );
  const keys = await query<{ id: string }>(
    "UPDATE api_keys SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL RETURNING id",
    [userId],
  );
  return [
    ...sessions.map(({ id }) => ({ kind: "session" as const, id })),
    ...keys.map(({ id }) => ({ kind: "key" as const, id })),
  ];
}
