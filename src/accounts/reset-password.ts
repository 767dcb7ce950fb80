import { randomBytes } from "node:crypto";
import type { PasswordReset } from "../contracts/users.ts";
import { notFound } from "../platform/errors.ts";
import type { Limiter } from "../platform/limiter.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { hashSecret } from "./key-secret.ts";
import type { Passwords } from "./passwords.ts";
import { redeemReset } from "./set-password.ts";
import { refuseWeakPassword } from "./weak-password.ts";

const SHAPE = /^[\w-]{43}$/;

const MAKE: Statement = {
  name: "make-password-reset",
  text: `INSERT INTO password_resets (user_id, token_hash, expires_at)
    SELECT id, $2, now() + interval '1 hour' FROM users WHERE id = $1
    ON CONFLICT (user_id) DO UPDATE
      SET token_hash = excluded.token_hash, expires_at = excluded.expires_at, created_at = now()
    RETURNING expires_at`,
};
const FIND: Statement = {
  name: "find-password-reset",
  text: `SELECT u.id, u.email, u.name FROM password_resets r JOIN users u ON u.id = r.user_id
    WHERE r.token_hash = $1 AND r.expires_at > now()`,
};

/**
 * Makes what sets an account's password anew, once and within an hour; one that was made before is no longer good.
 * @returns the token, which is kept nowhere. @throws AppError 404 where there is no such account.
 */
export async function makeReset(
  database: Database,
  userId: string,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString("base64url");
  const [row] = await database.run<{ expires_at: Date }>(MAKE, [userId, hashSecret(token)]);
  if (row === undefined) throw notFound("There is no such account.");
  return { token, expiresAt: row.expires_at };
}

export interface ResetContext {
  database: Database;
  passwords: Passwords;
  /** Counts, per address, links that are not good. */
  wrongLinks: Limiter;
}

/**
 * Sets a password anew by a link; all sessions of the account end.
 * @returns their digests. @throws AppError 400 where the password is weak, which leaves the link good; 404 where the link is
 * not; 429; 503.
 */
export async function resetPassword(
  { database, passwords, wrongLinks }: ResetContext,
  { token, new_password }: PasswordReset,
  address: string,
): Promise<string[]> {
  const tokenHash = hashSecret(token);
  const [account] = SHAPE.test(token)
    ? await database.run<{ id: string; email: string; name: string | null }>(FIND, [tokenHash])
    : [];
  if (account === undefined) {
    await wrongLinks.take(address);
    throw noLink();
  }
  await refuseWeakPassword("new_password", new_password, account);
  const hash = await passwords.hash(new_password, address);
  const ended = await redeemReset(database, { userId: account.id, hash }, tokenHash);
  if (ended === undefined) throw noLink();
  return ended;
}

const noLink = () =>
  notFound("This link is no longer good: it was used, is older than an hour, or another one took its place.");
