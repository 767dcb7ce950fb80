import type { Role, User } from "../contracts/accounts.ts";
import { newId } from "../platform/new-id.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";

export interface Account extends User {
  password_hash: string | null;
  /** How often the password was set anew: a sign-in that saw an older one is worth nothing. */
  password_version: number;
  disabled_at: Date | null;
  /** When an admin last gave it its role; null: it has the one that it was opened with. */
  role_set_at: Date | null;
}

const BY_EMAIL: Statement = {
  name: "user-by-email",
  text: `SELECT id, email, name, role, password_hash, password_version, disabled_at, role_set_at
    FROM users WHERE email = $1`,
};
const INSERT: Statement = {
  name: "insert-user",
  text: `INSERT INTO users (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (email) DO NOTHING RETURNING id, email, name, role`,
};
const SET_HASH: Statement = {
  name: "set-password-hash",
  text: "UPDATE users SET password_hash = $3, updated_at = now() WHERE id = $1 AND password_hash = $2",
};

/** @param email in lower case. */
export async function findAccount(database: Database, email: string): Promise<Account | undefined> {
  return (await database.run<Account>(BY_EMAIL, [email]))[0];
}

export interface NewUser {
  /** In lower case. */
  email: string;
  name?: string | null | undefined;
  role: Role;
  passwordHash: string;
}

/** @returns undefined where the email has an account already, which is left as it is. */
export async function insertUser(database: Database, user: NewUser): Promise<User | undefined> {
  const { email, name, role, passwordHash } = user;
  return (await database.run<User>(INSERT, [newId(), email, name ?? null, role, passwordHash]))[0];
}

/** Replaces a hash by a newer one of the same password, unless it was replaced meanwhile. */
export async function renewHash(
  database: Database,
  { id, password_hash }: Account,
  hash: string,
): Promise<void> {
  await database.run(SET_HASH, [id, password_hash, hash]);
}

/** An account as its owner is shown it. */
export const publicUser = ({ id, email, name, role }: User): User => ({ id, email, name, role });
