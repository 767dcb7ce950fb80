import { loadConfig } from "../../config.ts";
import { startEmbeddedPostgres } from "../../platform/embedded-postgres/index.ts";
import { readAddress } from "../../platform/postgres/connect.ts";

/** The database that a command acts on. `url` holds the password, so keep it out of what is printed. */
export interface Target {
  url: string;
  /** The database's own name, which whoever drops its data has to type. */
  database: string;
  /** Prisma's `?schema=name`, where the URL has one. */
  schema: string | undefined;
  production: boolean;
}

/**
 * Runs `work` on the configured database. The embedded one is attached to when an instance runs it, else started for
 * the command and stopped after it.
 * @throws ConfigError for a bad setting, and what `work` throws.
 */
export async function withTarget<Result>(work: (target: Target) => Promise<Result>): Promise<Result> {
  const config = loadConfig();
  if (config.databaseUrl !== undefined)
    return await work(describeTarget(config.databaseUrl, config.production));
  const embedded = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    return await work(describeTarget(embedded.url, config.production));
  } finally {
    await embedded.stop();
  }
}

/** @throws Error with a sentence where the URL cannot be read. */
export function describeTarget(url: string, production: boolean): Target {
  if (!URL.canParse(url)) throw new Error("DATABASE_URL is not a URL that can be read.");
  const { schema } = readAddress(url);
  const { pathname, username } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username) || "postgres";
  return { url, database, schema, production };
}
