import type { Role } from "../contracts/accounts.ts";
import { lookUpTogether } from "../platform/look-up-together.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { type Identity, whoIs } from "./identity.ts";
import { hashSecret, sameHash } from "./key-secret.ts";

const SESSION: Statement = {
  name: "session-user",
  text: `SELECT u.id, u.email, u.name, u.role FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.sid = $1 AND s.expires > now() AND u.disabled_at IS NULL`,
};
const KEYS: Statement = {
  name: "key-users",
  text: `SELECT k.prefix, k.id AS key_id, k.secret_hash, k.models,
      k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS note_use,
      u.id, u.email, u.name, u.role
    FROM api_keys k JOIN users u ON u.id = k.user_id
    WHERE k.prefix = ANY($1::text[]) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
      AND u.disabled_at IS NULL`,
};
const NOTE_USE: Statement = {
  name: "note-key-use",
  text: `UPDATE api_keys SET last_used_at = now()
    WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
};

interface UserColumns {
  id: string;
  email: string;
  name: string | null;
  role: Role;
}

/** Whose session this is. @param digest as the database knows it. @returns undefined where it is over. */
export async function findSession(database: Database, digest: string): Promise<Identity | undefined> {
  const [user] = await database.run<UserColumns>(SESSION, [digest]);
  if (user === undefined) return undefined;
  return { who: whoIs(user.role, "session"), user, credential: { kind: "session", id: digest } };
}

interface KeyColumns extends UserColumns {
  prefix: string;
  key_id: string;
  secret_hash: string;
  models: string[] | null;
  note_use: boolean;
}

/** Whose key this is. @returns undefined for a key that is wrong, has expired or was revoked. */
export type FindKey = (prefix: string, secret: string) => Promise<Identity | undefined>;

/** Looks keys up, and notes that they are used, to the minute and without anyone waiting for it. */
export function keyFinder(database: Database): FindKey {
  const lookUp = lookUpTogether(
    (prefixes) => database.run<KeyColumns>(KEYS, [prefixes]),
    ({ prefix }) => prefix,
    "keys",
  );
  return async (prefix, secret) => {
    const row = await lookUp(prefix);
    if (row === undefined || !sameHash(hashSecret(secret), row.secret_hash)) return undefined;
    const { prefix: _, key_id, secret_hash: __, models, note_use, ...user } = row;
    // Lost where it fails: the next look-up notes it.
    if (note_use) database.run(NOTE_USE, [key_id]).catch(() => {});
    return { who: whoIs(user.role, "key"), user, credential: { kind: "key", id: key_id }, models };
  };
}
