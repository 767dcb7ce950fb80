import type { Database } from "../platform/postgres/database.ts";
import { hashPassword } from "./passwords.ts";
import { findAccount, insertUser } from "./users.ts";

export type SeededAdmin = "made" | "there" | "demoted";

/**
 * Makes the first admin where the email has no account yet; one that is there is left as it is, password and role.
 * @returns `demoted` where another admin made it less than one.
 * @throws Error with a sentence where it was never an admin's: whoever opened it must not become one by this.
 */
export async function seedAdmin(
  database: Database,
  { email, password }: { email: string; password: string },
): Promise<SeededAdmin> {
  const found = await findAccount(database, email);
  if (found !== undefined) {
    if (found.role === "admin") return "there";
    if (found.role_set_at !== null) return "demoted";
    throw new Error(
      `The setting ADMIN_EMAIL names ${email}, under which somebody opened an account before, as ${found.role}: it is not made an admin's by this. Name an address that has no account, or an admin's.`,
    );
  }
  const passwordHash = await hashPassword(password);
  const made = await insertUser(database, { email, role: "admin", passwordHash });
  // Another instance that starts beside this one was faster.
  return made === undefined ? "there" : "made";
}
