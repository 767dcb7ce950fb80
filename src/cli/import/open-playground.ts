import type { Config } from "../../config.ts";
import { MODELS } from "../../models.ts";
import { startEmbeddedPostgres } from "../../platform/embedded-postgres/index.ts";
import { openDatabase } from "../../platform/postgres/database.ts";
import { databaseErrorCode, isDatabaseUnavailable } from "../../platform/postgres/errors.ts";
import { migrate } from "../../platform/postgres/migrate.ts";
import { Appender, cachedAnswers, readHead, sharedHeadReader } from "../../tape/index.ts";
import type { TradesContext } from "../../trades/index.ts";
import { ImportError } from "./source.ts";

export interface Playground {
  trades: TradesContext;
  close(): Promise<void>;
}

/**
 * Opens the playground's database, migrated, with an appender of its own. Servers that run on the same database find
 * what it writes by their look at the tape's head.
 * @param log gets one sentence a line, none of them secret.
 * @throws ImportError where PostgreSQL is out of reach.
 */
export async function openPlayground(config: Config, log: (line: string) => void): Promise<Playground> {
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: config.dataDir, log })
      : undefined;
  const url = config.databaseUrl ?? (embedded?.url as string);
  try {
    await migrate(url);
    const database = openDatabase({ url, poolSize: 2, models: MODELS });
    const appender = new Appender({ database, maxQueuedRows: config.tapeQueueRows, onCommit: () => {} });
    const answers = cachedAnswers(
      sharedHeadReader(() => readHead(database)),
      undefined,
    );
    return {
      trades: { database, appender, answers },
      async close() {
        await appender.flush();
        await database.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop().catch(() => {});
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
