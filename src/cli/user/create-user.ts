import { hashPassword, insertUser, refuseWeakPassword } from "../../accounts/index.ts";
import { type Role, registration, type User } from "../../contracts/accounts.ts";
import { MODELS } from "../../models.ts";
import { validate } from "../../platform/http/validate.ts";
import { openDatabase } from "../../platform/postgres/database.ts";
import { migrate } from "../../platform/postgres/migrate.ts";

export interface UserToCreate {
  email: string;
  name?: string | undefined;
  role: Role;
  password: string;
}

/**
 * Opens an account in a database, which is migrated first.
 * @throws Error with a sentence where the email or the password is not as it must be (a weak one too), or the email has an account.
 */
export async function createUser(url: string, { role, ...sent }: UserToCreate): Promise<User> {
  const { email, name, password } = validate(registration, sent);
  await refuseWeakPassword("password", password, { email, name });
  await migrate(url);
  const database = openDatabase({ url, poolSize: 2, models: MODELS });
  try {
    const user = await insertUser(database, {
      email,
      name,
      role,
      passwordHash: await hashPassword(password),
    });
    if (user === undefined)
      throw new Error(`The email ${email} has an account already; nothing was changed.`);
    return user;
  } finally {
    await database.close();
  }
}
