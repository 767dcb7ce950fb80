/** SQLSTATE of a unique violation: someone else wrote the same id first. */
export const UNIQUE_VIOLATION = "23505";

/** SQLSTATE of a foreign key violation: the row that it refers to is gone. */
export const FOREIGN_KEY_VIOLATION = "23503";

/** SQLSTATE of text that PostgreSQL cannot hold: a NUL character out of a path or a query. */
export const UNSTORABLE_TEXT = "22021";

// Connection, resources, operator intervention, read-only server, lock and statement time limits: they pass.
const PASSING = /^(08|53|57|58|25006|55P03|40001|40P01)/;
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOST|ENETUNREACH|EAI_)/;
const SEQUELIZE_CONNECTION = /^Sequelize(Connection|Host|AccessDenied|Timeout)/;

/** SQLSTATE of a table that is not there: a migration was undone under the running service. */
export const UNDEFINED_TABLE = "42P01";

/** A statement's name is taken, or unknown: somebody else's connection, as a pooler hands them out. */
const STATEMENT_NAMES = /^(42P05|26000)$/;

/** The sentence for what a pooler in transaction mode refuses or mixes up while nobody said that there is one. */
export function explainPooler(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const isMixedUp = STATEMENT_NAMES.test(databaseErrorCode(error) ?? "");
  if (!isMixedUp && !/unsupported startup parameter/.test(error.message)) return undefined;
  return new Error(
    `DATABASE_URL leads to a pooler in transaction mode (${error.message}): add pgbouncer=true to it, as in ?pgbouncer=true or &pgbouncer=true.`,
    { cause: error },
  );
}

/** The SQLSTATE or system code of what PostgreSQL, pg or Sequelize threw. */
export function databaseErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return "parent" in error ? databaseErrorCode(error.parent) : undefined;
}

/** Whether PostgreSQL was out of reach or busy, so that the same request may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (SEQUELIZE_CONNECTION.test(error.name)) return true;
  const code = databaseErrorCode(error);
  if (code !== undefined) return PASSING.test(code) || NETWORK.test(code);
  return /Query read timeout|Connection terminated|connection is closed|not queryable/i.test(error.message);
}

/** Whether PostgreSQL itself refused; without its answer nobody knows what the connection is doing. */
export function isServerAnswer(error: unknown): boolean {
  return error instanceof Error && "severity" in error;
}
