import { Client } from "pg";
import { clientConfig, readAddress } from "../../../platform/postgres/connect.ts";
import { databaseErrorCode } from "../../../platform/postgres/errors.ts";
import { ImportError } from "../source.ts";

/** Where a Prisma database is; `url` holds the password, `name` does not. */
export interface PrismaAddress {
  url: string;
  name: string;
  /** Prisma's `?schema=name`; absent: what the server's search path says. */
  schema: string | undefined;
}

/** @throws ImportError */
export function prismaAddress(argument: string): PrismaAddress {
  if (!URL.canParse(argument) || !/^postgres(ql)?:$/.test(new URL(argument).protocol)) {
    throw new ImportError("The source is no postgresql:// URL.");
  }
  const { host, pathname, searchParams } = new URL(argument);
  const schema = searchParams.get("schema") ?? undefined;
  if (schema !== undefined) {
    // Quoted below, so any name will do; pgbouncer has no objection to a name in the statement either.
    const plain = new URL(argument);
    plain.searchParams.delete("schema");
    return { url: plain.toString(), name: `postgresql://${host}${pathname}?schema=${schema}`, schema };
  }
  readAddress(argument);
  return { url: argument, name: `postgresql://${host}${pathname}`, schema };
}

/**
 * One connection in one transaction that reads a single snapshot and can write nothing.
 * @throws ImportError with a sentence: out of reach, wrong password, no such database.
 */
export async function openPrisma(address: PrismaAddress): Promise<Client> {
  const client = new Client({ ...clientConfig(address.url), application_name: "trading-playground import" });
  // A lost connection fails the query that runs; without a listener it would also end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    // Times without a zone mean UTC, also beside those with one. All digits of a double, also from old servers; and cursors that are read to their end.
    await client.query(
      "SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 3; SET LOCAL cursor_tuple_fraction = 1; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
    );
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw prismaFailure(address.name, error);
  }
}

const MEANINGS: readonly [RegExp, string][] = [
  [/^28/, "$ refuses the user or the password."],
  [/^3D000$/, "$ does not exist: the server has no database of that name."],
  [/^42501$/, "The user of $ may not read its tables."],
  [/^(57|08)/, "$ went away while it was read."],
  [/^53/, "$ has no room for another connection."],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, "$ cannot be reached (@)."],
  [/^(ECONNRESET|EPIPE)$/, "$ went away while it was read."],
];

/** The sentence for what went wrong with the database called `name`. */
export function prismaFailure(name: string, error: unknown): ImportError {
  if (error instanceof ImportError) return error;
  const code = codeOf(error);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
  if (meaning !== undefined) return new ImportError(meaning.replace("$", name).replace("@", code));
  const message = error instanceof Error ? error.message : String(error);
  if (/Connection terminated|not queryable|connection was closed/i.test(message)) {
    return new ImportError(`${name} went away while it was read.`);
  }
  if (/timeout expired/i.test(message)) return new ImportError(`${name} does not answer.`);
  return new ImportError(
    `${name} cannot be read: ${message.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?").slice(0, 200)}.`,
  );
}

function codeOf(error: unknown): string {
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return databaseErrorCode(inner) ?? "";
}
