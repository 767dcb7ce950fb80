import { existsSync } from "node:fs";
import type { Config } from "../../config.ts";
import { MODELS } from "../../models.ts";
import { startEmbeddedPostgres } from "../../platform/embedded-postgres/index.ts";
import { type Database, openDatabase } from "../../platform/postgres/database.ts";
import { databaseErrorCode, isDatabaseUnavailable } from "../../platform/postgres/errors.ts";
import { migrate } from "../../platform/postgres/migrate.ts";
import { Appender, cachedAnswers, readHead, sharedHeadReader } from "../../tape/index.ts";
import type { TradesContext } from "../../trades/index.ts";
import { IN_FLIGHT } from "./pass-rows.ts";
import { ImportError } from "./source.ts";

export interface Playground {
  trades: TradesContext;
  close(): Promise<void>;
}

const BATCH_ROWS = 1000;
/** A sixth faster than one after the other; more than two cores would only wait for the head's lock. */
const BATCHES_IN_FLIGHT = 2;

/**
 * Opens the playground's database, migrated, with an appender of its own. Servers that run on the same database find
 * what it writes by their look at the tape's head.
 * @param log gets one sentence a line, none of them secret.
 * @throws ImportError where PostgreSQL is out of reach.
 */
export async function openPlayground(config: Config, log: (line: string) => void): Promise<Playground> {
  const { database, stop } = await open(config, log, migrate);
  const appender = new Appender({
    database,
    maxQueuedRows: Math.max(config.tapeQueueRows, 2 * IN_FLIGHT * BATCH_ROWS),
    onCommit: () => {},
    batchesInFlight: BATCHES_IN_FLIGHT,
  });
  const answers = cachedAnswers(
    sharedHeadReader(() => readHead(database)),
    undefined,
  );
  return {
    trades: { database, appender, answers },
    async close() {
      await appender.flush();
      await stop();
    },
  };
}

export interface PlaygroundView {
  /** Absent where there is no playground yet. */
  database: Database | undefined;
  close(): Promise<void>;
}

/**
 * Opens the playground's database to be looked at: nothing is made, migrated or written.
 * @throws ImportError where PostgreSQL is out of reach, or of another version of the schema.
 */
export async function viewPlayground(config: Config, log: (line: string) => void): Promise<PlaygroundView> {
  const isThere = config.databaseUrl !== undefined || existsSync(config.dataDir);
  if (!isThere) return { database: undefined, close: async () => {} };
  let isEmpty = false;
  const { database, stop } = await open(config, log, async (url) => {
    const there = await presentTables(url);
    isEmpty = there === 0;
    if (there > 0 && there < MODELS.length) {
      throw new ImportError(
        "The playground's database is of another version: npm run db:migrate brings it up to date.",
      );
    }
  });
  return { database: isEmpty ? undefined : database, close: stop };
}

async function presentTables(url: string): Promise<number> {
  const database = openDatabase({ url, poolSize: 1, models: MODELS });
  try {
    const names = MODELS.map((model) => model.getTableName());
    const [row] = await database.run<{ there: number }>(
      {
        name: "present-tables",
        text: "SELECT count(to_regclass(quote_ident(name)))::int AS there FROM unnest($1::text[]) AS name",
      },
      [names],
    );
    return row?.there ?? 0;
  } finally {
    await database.close();
  }
}

async function open(config: Config, log: (line: string) => void, prepare: (url: string) => Promise<unknown>) {
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: config.dataDir, log })
      : undefined;
  const url = config.databaseUrl ?? (embedded?.url as string);
  try {
    await prepare(url);
    const database = openDatabase({ url, poolSize: BATCHES_IN_FLIGHT + 1, models: MODELS });
    return {
      database,
      async stop() {
        await database.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop().catch(() => {});
    if (error instanceof ImportError) throw error;
    const which = embedded === undefined ? "database of DATABASE_URL" : "embedded database";
    throw isDatabaseUnavailable(error) ? outOfReach(which, error) : withoutUrl(which, error, url);
  }
}

/** By its code alone: the driver's own message may name more of the address than belongs on a screen. */
function outOfReach(which: string, error: unknown): ImportError {
  const code = databaseErrorCode(error);
  return new ImportError(`The ${which} cannot be reached${code === undefined ? "" : ` (${code})`}.`);
}

function withoutUrl(which: string, error: unknown, url: string): ImportError {
  const message = error instanceof Error ? error.message : String(error);
  return new ImportError(`The ${which} cannot be used: ${message.replaceAll(url, "DATABASE_URL")}.`);
}
