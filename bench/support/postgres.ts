import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort, runProgram, startProgram, untilReady } from "./children.ts";
import { undoLater } from "./cleanup.ts";

const DEBIAN_ROOT = "/usr/lib/postgresql";

/** The PostgreSQL server that every contender of a run shares. */
export interface PostgresServer {
  /** For the table's caption, such as `15.18`. */
  readonly version: string;
  /** Where `pgbench` is, or undefined to take it from the PATH. */
  readonly binaries: string | undefined;
  /** Creates an empty database that is dropped when the bench ends; returns its URL. */
  createDatabase(name: string): Promise<string>;
}

/** A throwaway cluster from Debian's packages, or the server DATABASE_URL names where there are none. */
export async function startPostgres(): Promise<PostgresServer> {
  const binaries = await debianBinaries();
  if (binaries !== undefined) return describeServer(await startCluster(binaries), binaries);
  const url = process.env.DATABASE_URL;
  if (url === undefined)
    throw new Error(`PostgreSQL is needed: install it under ${DEBIAN_ROOT} or set DATABASE_URL`);
  return describeServer(url, undefined);
}

async function debianBinaries(): Promise<string | undefined> {
  const versions = await readdir(DEBIAN_ROOT).catch(() => []);
  const newest = versions
    .map(Number)
    .filter(Number.isFinite)
    .sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : join(DEBIAN_ROOT, String(newest), "bin");
}

async function startCluster(binaries: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "bench-postgres-"));
  undoLater(() => rm(directory, { recursive: true, force: true }));
  const identity = await unprivileged();
  if (identity !== undefined) await chown(directory, identity.uid, identity.gid);
  const data = join(directory, "data");
  const options = { ...identity, cwd: directory };
  await runProgram(
    join(binaries, "initdb"),
    ["-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8"],
    options,
  );

  const port = await freePort();
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=256MB",
    // No checkpoint in the middle of a measurement. Durability is untouched: fsync and synchronous_commit stay on.
    "max_wal_size=8GB",
    "checkpoint_timeout=30min",
  ];
  const args = ["-D", data, ...settings.flatMap((setting) => ["-c", setting])];
  // SIGINT is PostgreSQL's fast shutdown.
  const cluster = startProgram("postgres", join(binaries, "postgres"), args, {
    ...options,
    stopSignal: "SIGINT",
  });
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  await untilReady(cluster, 30, () => query(url, "select 1"));
  return url;
}

/** PostgreSQL refuses to run as root; Debian's packages make a `postgres` user for it. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(["-u", "-g"].map((which) => runProgram("id", [which, "postgres"])));
  return { uid: Number(uid), gid: Number(gid) };
}

async function describeServer(url: string, binaries: string | undefined): Promise<PostgresServer> {
  const version = String((await query(url, "show server_version"))[0]?.server_version).split(" ")[0] ?? "?";
  return {
    version,
    binaries,
    async createDatabase(name) {
      const database = `bench_${name}_${process.pid}`;
      await query(url, `create database ${database}`);
      undoLater(async () => {
        await query(url, `drop database if exists ${database} with (force)`);
      });
      const own = new URL(url);
      own.pathname = `/${database}`;
      return own.href;
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function query(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks fails its query; without a listener it would also end the process, uncleaned.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
