import { AppError, conflict, forbidden } from "../platform/errors.ts";
import type { Claim, Writer } from "../platform/http/write-guard.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import type { Identity } from "./identity.ts";
import { looksOf } from "./looks/looks-of.ts";

const OWNERS: Statement = {
  name: "model-owners",
  text: "SELECT model, user_id FROM model_owners WHERE model = ANY($1::text[])",
};
const LOOK_ALIKES: Statement = {
  name: "model-look-alikes",
  text: `SELECT l.look, l.model FROM model_looks l JOIN model_owners o ON o.model = l.model
    WHERE l.look = ANY($1::text[]) AND o.user_id <> $2 LIMIT 1`,
};
const COUNT: Statement = {
  name: "count-models-of-user",
  text: "SELECT count(*)::int AS count FROM model_owners WHERE user_id = $1",
};

interface OwnerColumns {
  model: string;
  user_id: string;
}

export interface OwnModels {
  /** Who writes for these models. @returns undefined for nobody. @throws AppError 403 where a key does not name them. */
  writer(identity: Identity, models: readonly string[]): Writer | undefined;
}

/** @param maxModels how many an account may own; one that is signed in as an admin is not held to it. */
export function createOwnModels(database: Database, maxModels: number): OwnModels {
  return {
    writer({ user, who, models: named }, models) {
      if (user === undefined) return undefined;
      if (named !== undefined && named !== null) refuseUnnamed(named, models);
      const isForAll = who === "admin";
      return {
        id: user.id,
        isForAll,
        maxModels: isForAll ? null : maxModels,
        refuseForeign: (wanted) =>
          isForAll ? Promise.resolve() : refuseForeignModels(database, user.id, wanted),
        claimsFor: (wanted) => claimsFor(database, user.id, wanted, isForAll, maxModels),
      };
    },
  };
}

function refuseUnnamed(named: readonly string[], models: readonly string[]): void {
  if (models.length === 0) {
    throw forbidden("This key writes for the models that it names only: say for which one this is.");
  }
  const other = models.find((model) => !named.includes(model));
  if (other !== undefined) throw forbidden(`This key may not write for the model ${quote(other)}.`);
}

async function claimsFor(
  database: Database,
  userId: string,
  models: readonly string[],
  isForAll: boolean,
  maxModels: number,
): Promise<Claim[]> {
  const rows = await database.run<OwnerColumns>(OWNERS, [models]);
  const foreign = rows.find((row) => row.user_id !== userId);
  if (foreign !== undefined && !isForAll) throw notYours(foreign.model);
  const owned = new Set(rows.map(({ model }) => model));
  const fresh = models.filter((model) => !owned.has(model));
  const claims = fresh.flatMap((model) => looksOf(model).map((look) => ({ model, look })));
  await refuseLookAlikes(database, userId, claims);
  if (fresh.length > 0 && !isForAll) await refuseTooMany(database, userId, fresh.length, maxModels);
  return claims;
}

/** @throws AppError 409 where one looks like a model of another account; 403 where it is one. */
async function refuseLookAlikes(database: Database, userId: string, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const [alike] = await database.run<Claim>(LOOK_ALIKES, [claims.map(({ look }) => look), userId]);
  if (alike === undefined) return;
  // The very same name: another account was faster in this moment.
  if (claims.some(({ model }) => model === alike.model)) throw notYours(alike.model);
  const wanted = claims.find(({ look }) => look === alike.look)?.model ?? "";
  throw new AppError(
    409,
    "name_too_similar",
    `The name ${quote(wanted)} looks too much like ${quote(alike.model)}, a model of another account; choose another.`,
  );
}

/** @throws AppError 409 where an account would own too many models. */
export async function refuseTooMany(
  database: Database,
  userId: string,
  more: number,
  maxModels: number,
): Promise<void> {
  const [row] = await database.run<{ count: number }>(COUNT, [userId]);
  const count = row?.count ?? 0;
  if (count + more <= maxModels) return;
  throw conflict(
    `An account may have at most ${maxModels} models (MAX_MODELS_PER_ACCOUNT), and this one has ${count}: release one first.`,
  );
}

/** @throws AppError 403 where one of the models is another account's. */
export async function refuseForeignModels(
  database: Database,
  userId: string,
  models: readonly string[],
): Promise<void> {
  const rows = await database.run<OwnerColumns>(OWNERS, [models]);
  const foreign = rows.find((row) => row.user_id !== userId);
  if (foreign !== undefined) throw notYours(foreign.model);
}

export const quote = (model: string) => JSON.stringify(model.slice(0, 100));
export const notYours = (model: string) => forbidden(`The model ${quote(model)} belongs to another account.`);
