import type { Login, User } from "../contracts/accounts.ts";
import { unauthenticated } from "../platform/errors.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { findAccount, renewHash } from "./users.ts";

/**
 * Whose email and password these are; an old hash is replaced by one of today's.
 * @throws AppError 401 that does not tell what is wrong; 429 where too many were wrong; 503.
 */
export async function checkLogin(
  { database, throttle }: { database: Database; throttle: LoginThrottle },
  { email, password }: Login,
  address: string,
): Promise<User> {
  const forgive = await throttle.take(email, address);
  const account = await findAccount(database, email);
  const { isRight, isOutdated } = await checkPassword(password, account?.password_hash);
  if (account === undefined || !isRight) throw unauthenticated("The email or the password is wrong.");
  await forgive();
  if (isOutdated) await renewHash(database, account, await hashPassword(password));
  const { id, name, role } = account;
  return { id, email: account.email, name, role };
}
