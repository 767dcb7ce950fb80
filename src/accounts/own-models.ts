import { forbidden, unavailable } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import type { Identity } from "./identity.ts";

const REMEMBERED_MS = 30_000;
const MAX_KNOWN = 100_000;
const ATTEMPTS = 3;

// All or none: where one of the models is someone else's, none is taken. In one order, so that two never deadlock.
const CLAIM: Statement = {
  name: "claim-models",
  text: `WITH wanted AS (SELECT unnest($1::text[]) AS model),
    owned AS (SELECT o.model, o.user_id FROM model_owners o JOIN wanted USING (model)),
    made AS (
      INSERT INTO model_owners (model, user_id)
      SELECT model, $2 FROM wanted
      WHERE NOT EXISTS (SELECT FROM owned WHERE user_id <> $2) ORDER BY model
      ON CONFLICT DO NOTHING RETURNING model, user_id
    )
    SELECT model, user_id FROM owned UNION SELECT model, user_id FROM made`,
};
const OWNERS: Statement = {
  name: "model-owners",
  text: "SELECT model, user_id FROM model_owners WHERE model = ANY($1::text[])",
};

interface OwnerColumns {
  model: string;
  user_id: string;
}

export interface OwnModels {
  /**
   * Whether someone may write for models; those that are nobody's yet are theirs from now on.
   * @returns undefined where that is known already. @throws AppError 403
   */
  claim(identity: Identity, models: readonly string[]): Promise<void> | undefined;
}

export function createOwnModels(database: Database): OwnModels {
  const known = createKnown();

  async function claimLater(userId: string, models: readonly string[], isAdmin: boolean): Promise<void> {
    const wanted = [...new Set(models)].sort();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const rows = await database.run<OwnerColumns>(CLAIM, [wanted, userId]);
      const foreign = rows.find((row) => row.user_id !== userId);
      if (foreign !== undefined && !isAdmin) throw notYours(foreign.model);
      for (const row of rows) if (row.user_id === userId) known.add(`${userId} ${row.model}`);
      // A model that another one took in this very moment is in no row yet.
      if (rows.length === wanted.length || foreign !== undefined) return;
    }
    throw unavailable("Whose these models are is being settled; try again.");
  }

  return {
    claim({ user, who, models: named }, models) {
      if (user === undefined) return undefined;
      if (named !== undefined && named !== null) {
        const other = models.find((model) => !named.includes(model));
        if (other !== undefined) throw forbidden(`This key may not write for the model ${quote(other)}.`);
      }
      const rest = models.filter((model) => !known.has(`${user.id} ${model}`));
      return rest.length === 0 ? undefined : claimLater(user.id, rest, who === "admin");
    },
  };
}

/** What belongs together as was seen a moment ago; the oldest is forgotten first. */
function createKnown() {
  const untils = new Map<string, number>();
  return {
    has: (key: string) => performance.now() < (untils.get(key) ?? 0),
    add(key: string) {
      untils.delete(key);
      untils.set(key, performance.now() + REMEMBERED_MS);
      const [oldest] = untils.keys();
      if (untils.size > MAX_KNOWN && oldest !== undefined) untils.delete(oldest);
    },
  };
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

const quote = (model: string) => JSON.stringify(model.slice(0, 100));
const notYours = (model: string) => forbidden(`The model ${quote(model)} belongs to another account.`);
