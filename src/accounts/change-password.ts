import type { User } from "../contracts/accounts.ts";
import type { PasswordChange } from "../contracts/users.ts";
import { unauthenticated } from "../platform/errors.ts";
import { checkLogin, type LoginContext } from "./check-login.ts";
import { replacePassword } from "./set-password.ts";
import { refuseWeakPassword } from "./weak-password.ts";

export interface PasswordChanger {
  user: User;
  /** The digest of the session that asks, which goes on. */
  session: string | undefined;
  address: string;
}

/**
 * Changes the password of whoever knows it.
 * @returns the digests of the account's other sessions, which ended.
 * @throws AppError 400 where the new one is weak; 401 where the old one is wrong; 429; 503.
 */
export async function changePassword(
  context: LoginContext,
  { user, session, address }: PasswordChanger,
  { password, new_password }: PasswordChange,
): Promise<string[]> {
  // First, so that a new one which is refused costs no guess at the old one.
  await refuseWeakPassword("new_password", new_password, user);
  const account = await checkLogin(context, { email: user.email, password }, address);
  const hash = await context.passwords.hash(new_password, address);
  const change = { userId: account.id, hash, keep: session };
  const ended = await replacePassword(context.database, change, account.password_version);
  if (ended === undefined)
    throw unauthenticated("The password was changed meanwhile; sign in with the new one.");
  return ended;
}
