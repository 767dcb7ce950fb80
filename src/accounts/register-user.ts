import type { Registration, User } from "../contracts/accounts.ts";
import { conflict } from "../platform/errors.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { Passwords } from "./passwords.ts";
import { insertUser } from "./users.ts";
import { refuseWeakPassword } from "./weak-password.ts";

/**
 * Opens an account, of the role `user`.
 * @throws AppError 400 where the password is weak; 409 where the email has an account; 429; 503.
 */
export async function registerUser(
  { database, passwords }: { database: Database; passwords: Passwords },
  { email, password, name }: Registration,
  address: string,
): Promise<User> {
  await refuseWeakPassword("password", password, { email, name });
  const passwordHash = await passwords.hash(password, address);
  const user = await insertUser(database, { email, name, role: "user", passwordHash });
  if (user === undefined) throw conflict("There is an account with this email already: sign in to it.");
  return user;
}
