import type { Login } from "../contracts/accounts.ts";
import { AppError, forbidden, unauthenticated } from "../platform/errors.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import type { Passwords } from "./passwords.ts";
import { type Account, findAccount, renewHash } from "./users.ts";

export interface LoginContext {
  database: Database;
  throttle: LoginThrottle;
  passwords: Passwords;
}

/**
 * Whose email and password these are; an old hash is replaced by one of today's.
 * @throws AppError 401 that does not tell what is wrong; 403 where the account is disabled; 429 where too many were
 * wrong, or too many wait; 503.
 */
export async function checkLogin(
  { database, throttle, passwords }: LoginContext,
  { email, password }: Login,
  address: string,
): Promise<Account> {
  const guess = await throttle.take(email, address);
  const account = await findAccount(database, email);
  const { isRight, isOutdated } = await passwords
    .check(password, account?.password_hash, address)
    .catch(async (error: unknown) => {
      // Refused before anyone looked at it, so whoever comes again has lost no guess.
      if (error instanceof AppError) await guess.unseen();
      throw error;
    });
  if (account === undefined || !isRight) throw unauthenticated("The email or the password is wrong.");
  await guess.right();
  if (account.disabled_at !== null)
    throw forbidden("This account is disabled; ask whoever runs the playground.");
  if (isOutdated) await renewHash(database, account, await passwords.hash(password, address));
  return account;
}
