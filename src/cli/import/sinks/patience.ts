import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../../platform/errors.ts";
import { databaseErrorCode, isDatabaseUnavailable } from "../../../platform/postgres/errors.ts";
import { ImportError } from "../source.ts";

/** Half a minute in all: as long as a database takes to come back from a restart. */
const RETRY_AFTER_MS = [250, 500, 1000, 2000, 4000, 8000, 15_000];
const DISK_FULL = "53100";

/**
 * Does it again while the database is away or busy. Every record has an id or a key, so to send it again is safe even
 * where the first may have been written.
 * @throws ImportError where the database's disk is full; what `work` throws.
 */
export async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const delay of RETRY_AFTER_MS) {
    try {
      return await work();
    } catch (error) {
      if (causeCode(error) === DISK_FULL) {
        throw new ImportError("The disk of the playground's PostgreSQL is full.");
      }
      if (!isPassing(error)) throw error;
      await sleep(delay);
    }
  }
  return await work();
}

const isPassing = (error: unknown) =>
  error instanceof AppError ? error.status === 503 : isDatabaseUnavailable(error);

function causeCode(error: unknown): string | undefined {
  return databaseErrorCode(error instanceof AppError ? error.cause : error);
}
