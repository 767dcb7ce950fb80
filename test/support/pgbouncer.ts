import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { query } from "./postgres.ts";
import { freePort } from "./redis.ts";

const HOW_TO = "no pgbouncer on the PATH: install it (apt install pgbouncer) to run these tests";

export interface TestPooler {
  /** The database's URL by way of the pooler. */
  url: string;
  stop(): Promise<void>;
}

/**
 * A pgbouncer in transaction mode before a database, with few connections and no memory of prepared statements, as hosts
 * hand it out. Skips the test where there is none; in CI that is an error.
 */
export async function startPooler(context: Mocha.Context, databaseUrl: string): Promise<TestPooler> {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/bin", "/usr/local/sbin"];
  const program = folders.map((folder) => join(folder, "pgbouncer")).find((file) => existsSync(file));
  if (program === undefined) {
    if (process.env.CI === "true") throw new Error(HOW_TO);
    process.stdout.write(`    skipped: ${HOW_TO}\n`);
    return context.skip() as never;
  }
  const folder = await mkdtemp(join(tmpdir(), "trading-playground-pooler-"));
  const port = await freePort();
  const target = new URL(databaseUrl);
  const { username, password } = target;
  const name = target.pathname.slice(1);
  const own = (text: string) => decodeURIComponent(text);
  await writeFile(join(folder, "users.txt"), `"${own(username)}" "${own(password)}"\n`);
  await writeFile(
    join(folder, "pgbouncer.ini"),
    `[databases]
${name} = host=${target.hostname} port=${target.port} dbname=${name} user=${own(username)} password=${own(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, "users.txt")}
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
`,
  );
  // It refuses to run as root.
  const identity = process.getuid?.() === 0 ? nobody() : {};
  if (identity.uid !== undefined) execFileSync("chown", ["-R", `${identity.uid}:${identity.gid}`, folder]);
  chmodSync(folder, 0o755);
  const child: ChildProcess = spawn(program, [join(folder, "pgbouncer.ini")], {
    ...identity,
    cwd: folder,
    stdio: "ignore",
  });
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  await eventually(
    async () => (await query(url.toString(), "SELECT 1").catch(() => undefined)) !== undefined,
  );
  return {
    url: url.toString(),
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function nobody(): { uid?: number; gid?: number } {
  const [uid = 65534, gid = 65534] = ["-u", "-g"].map((which) =>
    Number(execFileSync("id", [which, "nobody"], { encoding: "utf8" })),
  );
  return { uid, gid };
}
