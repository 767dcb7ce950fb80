import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { type Address, APPLICATION, connect, DATABASE } from "./connection.ts";
import { describeError, errorCode } from "./run-program.ts";

/** A connection that is held as long as the app lives, so that every keeper sees that the server is in use. */
export type Lease = { release(): Promise<void> };

const PATIENCE_MS = 60_000;

/**
 * Connects, makes the app's database where there is none, and stays connected: after a crash of the server it
 * comes back as soon as the server does. It does not keep the process from ending.
 *
 * @throws Error when the password is refused, or the server stays out of reach for a minute.
 */
export async function holdLease(address: Address): Promise<Lease> {
  let released = false;
  let client = await connectPatiently(address, () => false);
  if (client) await ensureDatabase(client);

  const stayConnected = async () => {
    while (!released) {
      if (client) await lostConnection(client);
      client = undefined;
      if (released) return;
      client = await connectPatiently(address, () => released).catch(() => undefined);
    }
    await client?.end();
  };
  const staying = stayConnected();

  return {
    async release() {
      released = true;
      if (client) holdProcess(client, true);
      await client?.end().catch(() => undefined);
      await staying;
    },
  };
}

async function connectPatiently(address: Address, isOver: () => boolean): Promise<Client | undefined> {
  const since = Date.now();
  while (!isOver()) {
    try {
      const client = await connect(address, `${APPLICATION} lease`);
      return client;
    } catch (error) {
      if (errorCode(error) === "28P01" || Date.now() - since > PATIENCE_MS) {
        throw new Error(
          `The embedded PostgreSQL on port ${address.port} refuses this program: ${describeError(error)}`,
        );
      }
      await sleep(50);
    }
  }
  return undefined;
}

function lostConnection(client: Client): Promise<void> {
  const lost = new Promise<void>((resolve) => client.once("end", () => resolve()));
  holdProcess(client, false);
  return lost;
}

async function ensureDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [DATABASE]);
  if (rowCount) return;
  try {
    await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  } catch (error) {
    // Another start made it in this moment.
    if (!["42P04", "23505"].includes(errorCode(error) ?? "")) throw error;
  }
}

/** pg's clients can let the process end; its type definitions do not say so. */
function holdProcess(client: Client, hold: boolean): void {
  const handle = client as Client & { ref(): void; unref(): void };
  if (hold) handle.ref();
  else handle.unref();
}
