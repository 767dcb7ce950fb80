import type { User } from "../contracts/accounts.ts";
import { conflict } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { checkLogin, type LoginContext } from "./check-login.ts";
import type { Credential } from "./identity.ts";

const CREDENTIALS: Statement = {
  name: "credentials-of-user",
  text: `SELECT 'session' AS kind, sid AS id FROM sessions WHERE user_id = $1
    UNION ALL SELECT 'key', id FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL`,
};
// Its sessions, keys and claims on models go with it. The admins are locked, so that two who close at once do not each
// rely on the other.
const CLOSE: Statement = {
  name: "close-account",
  text: `WITH admins AS (
      SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE
    )
    DELETE FROM users WHERE id = $1 AND (role <> 'admin' OR EXISTS (SELECT FROM admins WHERE id <> $1))
    RETURNING id`,
};

/**
 * Closes an account for good: its keys and sessions end, its models are nobody's, what it wrote stays.
 * @returns the credentials that ended. @throws AppError 401 where the password is wrong; 409 for the last admin; 429; 503.
 */
export async function closeAccount(
  context: LoginContext,
  { email }: User,
  password: string,
  address: string,
): Promise<Credential[]> {
  const { id } = await checkLogin(context, { email, password }, address);
  const credentials = await readCredentials(context.database, id);
  const closed = await context.database.run(CLOSE, [id]);
  if (closed.length === 0) throw conflict("The last admin cannot go: make another account an admin first.");
  return credentials;
}

const readCredentials = (database: Database, userId: string): Promise<Credential[]> =>
  database.run<Credential>(CREDENTIALS, [userId]);
