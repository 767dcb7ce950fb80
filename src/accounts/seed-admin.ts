import type { Database } from "../platform/postgres/database.ts";
import { hashPassword } from "./passwords.ts";
import { findAccount, insertUser } from "./users.ts";

export type SeededAdmin = "made" | "there" | "taken";

/**
 * Makes the first admin where the email has no account yet; one that is there is left as it is, password and role.
 * @returns `taken` where that account is no admin's: whoever opened it must not become one by this.
 */
export async function seedAdmin(
  database: Database,
  { email, password }: { email: string; password: string },
): Promise<SeededAdmin> {
  const found = await findAccount(database, email);
  if (found !== undefined) return found.role === "admin" ? "there" : "taken";
  const passwordHash = await hashPassword(password);
  const made = await insertUser(database, { email, role: "admin", passwordHash });
  // Another instance that starts beside this one was faster.
  return made === undefined ? "there" : "made";
}
