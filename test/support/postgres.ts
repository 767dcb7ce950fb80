import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/embedded-postgres/index.ts";

let shared: { server: EmbeddedPostgres; folder: string } | undefined;

/** Starts the run's one PostgreSQL server; TEST_DATABASE_URL takes its place. Test files find it by that variable too. */
export async function startSharedPostgres(): Promise<void> {
  if (process.env.TEST_DATABASE_URL !== undefined) return;
  const folder = await mkdtemp(join(tmpdir(), "trading-playground-test-"));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, "data"), log: () => {} });
  shared = { server, folder };
  // Nobody cuts this machine's power: what must be on disk is tested on servers of the tests' own.
  for (const name of ["fsync", "full_page_writes"]) await query(server.url, `ALTER SYSTEM SET ${name} = off`);
  await query(server.url, "SELECT pg_reload_conf()");
  process.env.TEST_DATABASE_URL = server.url;
}

function serverUrl(): string {
  const { TEST_DATABASE_URL } = process.env;
  if (TEST_DATABASE_URL === undefined) throw new Error("No PostgreSQL was started for the tests.");
  return TEST_DATABASE_URL;
}

/** A new, empty database of its own. @returns its URL. */
export async function newDatabase(): Promise<string> {
  const url = new URL(serverUrl());
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await query(url.toString(), `CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Runs one statement on its own connection. */
export async function query<Row>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Ends the run's server. */
export async function stopSharedPostgres(): Promise<void> {
  if (shared === undefined) return;
  await shared.server.stop();
  await rm(shared.folder, { recursive: true, force: true });
}
