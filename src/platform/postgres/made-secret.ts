import { randomBytes } from "node:crypto";
import type { Database, Statement } from "./database.ts";

const MAKE: Statement = {
  name: "make-secret",
  text: "INSERT INTO made_secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
};
const READ: Statement = { name: "read-secret", text: "SELECT value FROM made_secrets WHERE name = $1" };

/** What a made-up secret is for. */
export type SecretName = "session" | "messages";

/** A secret that nobody had to set: made up once for a database, so that all instances have the same one. */
export async function madeSecret(database: Database, name: SecretName): Promise<string> {
  const read = async () => (await database.run<{ value: string }>(READ, [name]))[0]?.value;
  const made = await read();
  if (made !== undefined) return made;
  await database.run(MAKE, [name, randomBytes(32).toString("base64url")]);
  const value = await read();
  if (value === undefined) throw new Error(`The made-up secret ${name} cannot be read.`);
  return value;
}
