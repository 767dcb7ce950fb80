import type { Client } from "pg";

export const SUPERUSER = "trading_playground";
export const DATABASE = "trading_playground";

/** Connections whose `application_name` starts with this keep the server running when an app has ended. */
export const APPLICATION = "trading-playground";

/** How to reach the embedded server; it listens on 127.0.0.1 only. */
export type Address = { port: number; password: string };

export function connectionUrl({ port, password }: Address): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE}`;
}

/**
 * Connects to the maintenance database, where a connection of ours hinders nobody from dropping or restoring
 * the app's own.
 *
 * @throws pg's error when the server does not answer within 5 s or refuses.
 */
export async function connect(address: Address, applicationName: string): Promise<Client> {
  // Loaded late: the keeper has to start PostgreSQL before it needs a client.
  const pg = await import("pg");
  const client = new pg.Client({
    host: "127.0.0.1",
    port: address.port,
    user: SUPERUSER,
    password: address.password,
    database: "postgres",
    ssl: false,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  });
  // A lost connection is told by "end"; without a listener its "error" would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}
