import { randomBytes } from "node:crypto";
import { chown, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { SUPERUSER } from "./connection.ts";
import type { DataHome } from "./data-home.ts";
import { explainFullDisk } from "./disk-space.ts";
import { describeError, errorCode, runProgram } from "./run-program.ts";

const UNFINISHED = "postgres.new-";

const SETTINGS = [
  ...["max_connections=100", "shared_buffers=128MB"],
  ...["timezone=UTC", "log_timezone=UTC", "log_checkpoints=off"],
];

/**
 * Makes sure that there is a cluster of the right version, and a password for it. Several processes may do
 * this at once on an empty folder: each makes a cluster of its own, and the first one finished is used by all.
 *
 * @returns the superuser's password.
 * @throws Error with a sentence: another major version, a folder that is not ours, initdb's last lines.
 */
export async function ensureCluster(home: DataHome, binaries: Binaries): Promise<string> {
  const version = await readVersion(home.cluster);
  if (version === undefined) return createCluster(home, binaries);
  const wanted = binaries.version.split(".")[0];
  if (version !== wanted) {
    throw new Error(
      `The data in ${home.cluster} was made by PostgreSQL ${version}, and this program brings PostgreSQL ${wanted}. Back the data up with the version that made it and restore it into a new DATA_DIR, or set DATABASE_URL.`,
    );
  }
  return readPassword(home);
}

async function readVersion(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw new Error(
        `The data in ${cluster} cannot be read (${describeError(error)}). Start as the user it belongs to, or choose another DATA_DIR.`,
      );
    }
  }
  const found = await readdir(cluster).catch(() => []);
  if (found.length === 0) return undefined;
  throw new Error(
    `${cluster} is not a PostgreSQL data folder, and it is not empty. Choose another DATA_DIR or move it away.`,
  );
}

async function createCluster(home: DataHome, binaries: Binaries): Promise<string> {
  await removeUnfinished(home.dataDir);
  const password = await ensurePassword(home);
  const unfinished = join(home.dataDir, `${UNFINISHED}${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    await mkdir(unfinished, { mode: 0o700 });
    if (home.user) await chown(unfinished, home.user.uid, home.user.gid);
    const options = [
      ...["--pgdata", unfinished, "--username", SUPERUSER, "--pwfile", home.passwordFile],
      ...["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-instructions"],
      ...["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"],
      ...SETTINGS.flatMap((setting) => ["--set", setting]),
    ];
    await runProgram(binaries.initdb, options, { cwd: home.dataDir, user: home.user });
    await rename(unfinished, home.cluster);
    await syncFolder(home.dataDir);
    return password;
  } catch (error) {
    const space = await explainFullDisk(home.dataDir);
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    if (await readVersion(home.cluster)) return readPassword(home);
    throw new Error(`${space}The database folder ${home.cluster} could not be made: ${describeError(error)}`);
  }
}

/** Folders of starts that were killed half way; a living process id means that a start is still at it. */
async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = Number(name.match(/^postgres\.new-(\d+)-/)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    await rm(join(dataDir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** The password is written elsewhere and linked into place, so that no start ever reads half of it. */
async function ensurePassword(home: DataHome): Promise<string> {
  const unfinished = `${home.passwordFile}.${process.pid}-${randomBytes(4).toString("hex")}`;
  if (!(await stat(home.passwordFile).catch(() => undefined))) {
    const file = await open(unfinished, "wx", 0o600).catch((error: unknown) => {
      throw new Error(`The data folder ${home.dataDir} cannot be written: ${describeError(error)}`);
    });
    try {
      if (home.user) await file.chown(home.user.uid, home.user.gid);
      await file.writeFile(randomBytes(24).toString("base64url"));
      await file.sync();
      await link(unfinished, home.passwordFile).catch((error: unknown) => {
        if (errorCode(error) !== "EEXIST") throw error;
      });
      await syncFolder(dirname(home.passwordFile));
    } finally {
      await file.close();
      await rm(unfinished, { force: true });
    }
  }
  return readPassword(home);
}

async function readPassword(home: DataHome): Promise<string> {
  try {
    return (await readFile(home.passwordFile, "utf8")).trim();
  } catch (error) {
    throw new Error(
      `The database password in ${home.passwordFile} cannot be read (${describeError(error)}). Bring the file back, or move ${home.cluster} away to start with an empty database.`,
    );
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
}
