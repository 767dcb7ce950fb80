import type { Database } from "../platform/postgres/database.ts";
import { inTransaction, type Query } from "../platform/postgres/transaction.ts";

export interface NewPassword {
  userId: string;
  hash: string;
  /** The digest of the session that goes on. */
  keep?: string | undefined;
}

// The account's row comes first: a sign-in that is under way waits for it, and finds the password changed.
const SET = `UPDATE users SET password_hash = $2, password_version = password_version + 1, updated_at = now()
  WHERE id = $1`;
const END_OTHERS = "DELETE FROM sessions WHERE user_id = $1 AND sid IS DISTINCT FROM $2 RETURNING sid";

/**
 * Sets a password anew, unless it was set since `version`.
 * @returns the digests of the sessions that ended with it; undefined where nothing was done.
 */
export async function replacePassword(
  database: Database,
  { userId, hash, keep }: NewPassword,
  version: number,
): Promise<string[] | undefined> {
  return await inTransaction(database, async (query) => {
    const set = await query(`${SET} AND password_version = $3 RETURNING id`, [userId, hash, version]);
    if (set.length === 0) return undefined;
    await query("DELETE FROM password_resets WHERE user_id = $1", [userId]);
    return await endOthers(query, userId, keep);
  });
}

/**
 * Sets a password anew by a link, which is used up.
 * @param tokenHash of what is in the link.
 * @returns the digests of the sessions that ended with it; undefined where the link is no longer good.
 */
export async function redeemReset(
  database: Database,
  { userId, hash }: NewPassword,
  tokenHash: string,
): Promise<string[] | undefined> {
  return await inTransaction(database, async (query) => {
    await query(`${SET} RETURNING id`, [userId, hash]);
    const used = await query(
      "DELETE FROM password_resets WHERE user_id = $1 AND token_hash = $2 AND expires_at > now() RETURNING user_id",
      [userId, tokenHash],
    );
    return used.length === 0 ? undefined : await endOthers(query, userId, undefined);
  });
}

async function endOthers(query: Query, userId: string, keep: string | undefined): Promise<string[]> {
  const ended = await query<{ sid: string }>(END_OTHERS, [userId, keep ?? null]);
  return ended.map(({ sid }) => sid);
}
