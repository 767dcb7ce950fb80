import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/embedded-postgres/index.ts";

let shared: Promise<{ server: EmbeddedPostgres; folder: string }> | undefined;

/** The run's one PostgreSQL server, started by the first test that asks; TEST_DATABASE_URL takes its place. */
async function serverUrl(): Promise<string> {
  const { TEST_DATABASE_URL } = process.env;
  if (TEST_DATABASE_URL !== undefined) return TEST_DATABASE_URL;
  shared ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), "trading-playground-test-"));
    const server = await startEmbeddedPostgres({ dataDir: join(folder, "data"), log: () => {} });
    return { server, folder };
  })();
  return (await shared).server.url;
}

/** A new, empty database of its own. @returns its URL. */
export async function newDatabase(): Promise<string> {
  const url = new URL(await serverUrl());
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

/** Ends the run's server; the root hook calls it once all tests are through. */
export async function stopPostgres(): Promise<void> {
  if (shared === undefined) return;
  const { server, folder } = await shared;
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
