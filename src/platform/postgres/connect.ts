import type { Client } from "pg";
import { parseIntoClientConfig } from "pg-connection-string";
import type { ModelCtor } from "sequelize-typescript";
import { Sequelize } from "sequelize-typescript";
import { settleEachTransaction } from "./pooled-session.ts";

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 20_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  models?: ModelCtor[];
  /** `false` for work that may take its time: migrations, imports of old data, backups. */
  timeLimits?: boolean;
}

/** What Sequelize takes but does not type. */
interface UntypedOptions {
  keepDefaultTimezone: boolean;
}

/** The parts of a PostgreSQL URL that mean something to us beyond the address. */
export interface DatabaseAddress {
  /** Prisma's `?schema=name`; absent: the server's search path. */
  schema: string | undefined;
  /** Prisma's `?pgbouncer=true`: a pooler in transaction mode. No named statements, no start-up parameters. */
  pgbouncer: boolean;
}

/** @throws Error where `schema` is no plain identifier. */
export function readAddress(url: string): DatabaseAddress {
  const parameters = new URL(url).searchParams;
  const schema = parameters.get("schema") ?? undefined;
  if (schema !== undefined && !/^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/.test(schema)) {
    throw new Error(`DATABASE_URL names the schema ${JSON.stringify(schema)}, which is not an identifier.`);
  }
  return { schema, pgbouncer: parameters.get("pgbouncer") === "true" };
}

/**
 * Makes a Sequelize instance (no connection yet). Every wait has a limit, since a connection that hangs would
 * otherwise hold a place in the pool for good.
 */
export function connectDatabase(options: DatabaseOptions): Sequelize {
  const { schema, pgbouncer } = readAddress(options.url);
  const client = clientConfig(options.url);
  const limited = options.timeLimits ?? true;
  const sequelize = new Sequelize({
    dialect: "postgres",
    host: client.host || "localhost",
    port: Number(client.port ?? 5432),
    database: client.database ?? client.user ?? "postgres",
    username: client.user ?? "postgres",
    // Sequelize types no function or absence here; an empty password is sent only where the server asks for one.
    password: typeof client.password === "string" ? client.password : "",
    logging: false,
    models: options.models ?? [],
    pool: { max: options.poolSize, min: 0, idle: 30_000, acquire: 10_000, evict: 5_000 },
    retry: { max: 0 },
    // Set once a connection it would reach whoever the pooler gives the connection to next.
    ...({ keepDefaultTimezone: pgbouncer } satisfies UntypedOptions),
    dialectOptions: {
      application_name: "trading-playground",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      clientMinMessages: "ignore",
      keepAlive: true,
      ...(client.ssl !== undefined && { ssl: client.ssl }),
      ...(limited && { query_timeout: QUERY_TIMEOUT_MS }),
      ...(!pgbouncer &&
        limited && { statement_timeout: STATEMENT_TIMEOUT_MS, lock_timeout: LOCK_TIMEOUT_MS }),
      ...(!pgbouncer && schema !== undefined && { options: `-c search_path="${schema}"` }),
    },
  });
  if (pgbouncer) {
    const settings = [
      "SET LOCAL timezone TO 'UTC'",
      ...(schema === undefined ? [] : [`SET LOCAL search_path TO "${schema}"`]),
      ...(limited
        ? [
            `SET LOCAL statement_timeout TO ${STATEMENT_TIMEOUT_MS}`,
            `SET LOCAL lock_timeout TO ${LOCK_TIMEOUT_MS}`,
          ]
        : []),
    ].join("; ");
    sequelize.addHook("afterConnect", (connection) => settleEachTransaction(connection as Client, settings));
  }
  return sequelize;
}

/** What pg needs for a connection of its own to the server of this URL; its `schema` is not honoured. */
export function clientConfig(url: string) {
  return {
    ...parseIntoClientConfig(forPg(url)),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
}

/** The URL without what only Prisma knows. */
function forPg(url: string): string {
  const cleaned = new URL(url);
  for (const name of ["schema", "pgbouncer", "connection_limit", "pool_timeout", "connect_timeout"]) {
    cleaned.searchParams.delete(name);
  }
  // What pg takes these to mean, said in the one way that it does not print a warning about.
  const mode = cleaned.searchParams.get("sslmode") ?? "";
  const isLikeLibpq = cleaned.searchParams.get("uselibpqcompat") === "true";
  if (!isLikeLibpq && ["prefer", "require", "verify-ca"].includes(mode)) {
    cleaned.searchParams.set("sslmode", "verify-full");
  }
  return cleaned.toString();
}
