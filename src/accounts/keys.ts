import type { KeyOut, NewKey } from "../contracts/accounts.ts";
import { conflict, notFound, validationError } from "../platform/errors.ts";
import { newId } from "../platform/new-id.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { makeKeySecret } from "./key-secret.ts";
import { refuseForeignModels } from "./own-models.ts";

const MAX_KEYS = 100;
const COLUMNS = "id, name, prefix, models, expires_at, last_used_at, created_at";

const INSERT: Statement = {
  name: "insert-key",
  text: `INSERT INTO api_keys (id, user_id, name, prefix, secret_hash, models, expires_at)
    SELECT $1, id, $3, $4, $5, $6::text[], $7 FROM users
    WHERE id = $2 AND disabled_at IS NULL AND (SELECT count(*) FROM api_keys WHERE user_id = $2 AND revoked_at IS NULL) < ${MAX_KEYS}
    RETURNING ${COLUMNS}`,
};
const LIST: Statement = {
  name: "list-keys",
  text: `SELECT ${COLUMNS} FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC`,
};
const REVOKE: Statement = {
  name: "revoke-key",
  text: `UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
    RETURNING id`,
};

interface KeyColumns {
  id: string;
  name: string;
  prefix: string;
  models: string[] | null;
  expires_at: Date | null;
  last_used_at: Date | null;
  created_at: Date;
}

/**
 * Makes a key for a bot.
 * @returns the key, and its secret, which is kept nowhere.
 * @throws AppError 400 where it would have expired already; 403 where it names another account's model; 409.
 */
export async function createKey(
  database: Database,
  userId: string,
  { name, models, expires_at }: NewKey,
): Promise<{ key: KeyOut; secret: string }> {
  if (expires_at != null && Date.parse(expires_at) <= Date.now()) {
    const message = "must be in the future";
    throw validationError(`expires_at ${message}.`, [{ path: "expires_at", message }]);
  }
  if (models != null) await refuseForeignModels(database, userId, models);
  const { prefix, secret, hash } = makeKeySecret();
  const values = [newId(), userId, name, prefix, hash, models ?? null, expires_at ?? null];
  const [row] = await database.run<KeyColumns>(INSERT, values);
  if (row === undefined) throw conflict(`An account may have at most ${MAX_KEYS} keys; revoke one first.`);
  return { key: keyOf(row), secret };
}

/** An account's keys, newest first, without those that were revoked. */
export async function listKeys(database: Database, userId: string): Promise<KeyOut[]> {
  return (await database.run<KeyColumns>(LIST, [userId])).map(keyOf);
}

/** @throws AppError 404 where this account has no such key. */
export async function revokeKey(database: Database, userId: string, id: string): Promise<void> {
  const revoked = await database.run(REVOKE, [id, userId]);
  if (revoked.length === 0) throw notFound("There is no such key.");
}

function keyOf({ id, name, prefix, models, expires_at, last_used_at, created_at }: KeyColumns): KeyOut {
  return {
    id,
    name,
    prefix,
    models,
    expires_at: expires_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
    created_at: created_at.toISOString(),
  };
}
