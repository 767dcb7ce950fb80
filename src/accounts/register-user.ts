import type { Registration, User } from "../contracts/accounts.ts";
import { conflict } from "../platform/errors.ts";
import type { Database } from "../platform/postgres/database.ts";
import { hashPassword } from "./passwords.ts";
import { insertUser } from "./users.ts";

/**
 * Opens an account, of the role `user`.
 * @throws AppError 409 where the email has one; 503.
 */
export async function registerUser(
  database: Database,
  { email, password, name }: Registration,
): Promise<User> {
  const passwordHash = await hashPassword(password);
  const user = await insertUser(database, { email, name, role: "user", passwordHash });
  if (user === undefined) throw conflict("There is an account with this email already: sign in to it.");
  return user;
}
