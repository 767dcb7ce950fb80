import { AppError, conflict, notFound } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { looksOf } from "./looks/looks-of.ts";
import { notYours, quote, refuseTooMany } from "./own-models.ts";

const LIST: Statement = {
  name: "models-of-user",
  text: "SELECT model FROM model_owners WHERE user_id = $1 ORDER BY model",
};
const OWNER: Statement = {
  name: "owner-of-model",
  text: "SELECT user_id FROM model_owners WHERE model = $1",
};
// What it looked like goes with it, and goes on with a model of the same account that looks the same.
const RELEASE: Statement = {
  name: "release-model",
  text: `DELETE FROM model_owners WHERE model = $1 AND user_id = $2 RETURNING model`,
};
const KEEP_LOOKS: Statement = {
  name: "keep-looks",
  text: `INSERT INTO model_looks (look, model)
    SELECT c.look, c.model FROM json_to_recordset($1::json) AS c(model text, look text)
    JOIN model_owners o ON o.model = c.model
    ON CONFLICT DO NOTHING`,
};
const TRANSFER: Statement = {
  name: "transfer-model",
  text: "UPDATE model_owners SET user_id = $3 WHERE model = $1 AND user_id = $2 RETURNING model",
};
const BY_EMAIL: Statement = { name: "user-id-by-email", text: "SELECT id FROM users WHERE email = $1" };

/** Who asks; whoever administers may for the models of all. */
export interface Asker {
  id: string;
  isForAll: boolean;
}

/** An account's models, by name. */
export async function listModels(database: Database, userId: string): Promise<string[]> {
  return (await database.run<{ model: string }>(LIST, [userId])).map(({ model }) => model);
}

/** Makes a model nobody's: the next to write for it has it. @throws AppError 403, 404 where it is nobody's. */
export async function releaseModel(database: Database, model: string, asker: Asker): Promise<void> {
  const owner = await ownerOf(database, model, asker);
  const released = await database.run(RELEASE, [model, owner]);
  if (released.length === 0) throw movedMeanwhile(model);
  const alike = await lookAlikes(database, owner, model);
  const looks = alike.flatMap((other) => looksOf(other).map((look) => ({ model: other, look })));
  if (looks.length > 0) await database.run(KEEP_LOOKS, [JSON.stringify(looks)]);
}

/**
 * Passes a model on to another account.
 * @throws AppError 403; 404 where it is nobody's, or no account has that email; 409 where that account has too many, or
 * one that looks the same stays behind, which two accounts would have then.
 */
export async function transferModel(
  database: Database,
  model: string,
  email: string,
  asker: Asker,
  maxModels: number,
): Promise<void> {
  const owner = await ownerOf(database, model, asker);
  const [heir] = await database.run<{ id: string }>(BY_EMAIL, [email]);
  if (heir === undefined) throw notFound("No account has this email.");
  if (heir.id === owner) return;
  const [alike] = await lookAlikes(database, owner, model);
  if (alike !== undefined) {
    const sentence = `${quote(model)} looks too much like ${quote(alike)}, which stays behind: release that one first.`;
    throw new AppError(409, "name_too_similar", sentence);
  }
  await refuseTooMany(database, heir.id, 1, maxModels);
  const moved = await database.run(TRANSFER, [model, owner, heir.id]);
  if (moved.length === 0) throw movedMeanwhile(model);
}

async function ownerOf(database: Database, model: string, asker: Asker): Promise<string> {
  const [row] = await database.run<{ user_id: string }>(OWNER, [model]);
  if (row === undefined) throw notFound(`The model ${quote(model)} is nobody's.`);
  if (row.user_id !== asker.id && !asker.isForAll) throw notYours(model);
  return row.user_id;
}

/** The account's other models that look like this one. */
async function lookAlikes(database: Database, userId: string, model: string): Promise<string[]> {
  const looks = new Set(looksOf(model));
  const others = (await listModels(database, userId)).filter((other) => other !== model);
  return others.filter((other) => looksOf(other).some((look) => looks.has(look)));
}

const movedMeanwhile = (model: string) =>
  conflict(`The model ${quote(model)} was released or passed on in this moment.`);
