import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../support/eventually.ts";
import { query } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";

const DEBIAN_ROOT = "/usr/lib/postgresql";

/** A server of the system's own PostgreSQL, whose pg_dump fits it. Skips the test where there is none. */
export async function startSystemPostgres(
  context: Mocha.Context,
): Promise<{ url: string; stop(): Promise<void> }> {
  const versions = existsSync(DEBIAN_ROOT)
    ? readdirSync(DEBIAN_ROOT).map(Number).filter(Number.isFinite)
    : [];
  const binaries = join(DEBIAN_ROOT, String(Math.max(...versions)), "bin");
  if (
    versions.length === 0 ||
    !existsSync(join(binaries, "initdb")) ||
    !existsSync(join(binaries, "pg_dump"))
  ) {
    process.stdout.write(`    skipped: no PostgreSQL server with pg_dump under ${DEBIAN_ROOT}\n`);
    return context.skip() as never;
  }
  const folder = await mkdtemp(join(tmpdir(), "trading-playground-system-postgres-"));
  const identity = unprivileged();
  if (identity !== undefined) {
    chmodSync(folder, 0o755);
    execFileSync("chown", [`${identity.uid}:${identity.gid}`, folder]);
  }
  const data = join(folder, "data");
  const options = { ...identity, cwd: folder, stdio: "ignore" as const };
  execFileSync(
    join(binaries, "initdb"),
    ["-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N"],
    options,
  );
  const port = await freePort();
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
  const server: ChildProcess = spawn(
    join(binaries, "postgres"),
    ["-D", data, ...settings.flatMap((setting) => ["-c", setting])],
    options,
  );
  const url = `postgresql://tester@127.0.0.1:${port}/postgres`;
  await eventually(async () => (await query(url, "SELECT 1").catch(() => undefined)) !== undefined);
  return {
    url,
    async stop() {
      const ended = once(server, "exit");
      server.kill("SIGINT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid = 0, gid = 0] = ["-u", "-g"].map((which) =>
    Number(execFileSync("id", [which, "postgres"], { encoding: "utf8" })),
  );
  return { uid, gid };
}
