import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { describeError } from "./run-program.ts";
import { canReach, findServiceUser, type ServiceUser } from "./service-user.ts";

/** Where root keeps what an unprivileged PostgreSQL has to reach. */
export const SHARED_HOME = "/var/lib/trading-playground";

/** Where everything about one embedded server lies, and whom it runs as. */
export type DataHome = {
  dataDir: string;
  cluster: string;
  passwordFile: string;
  portFile: string;
  logFile: string;
  user: ServiceUser | undefined;
};

/**
 * Finds the folder for the data and makes it. It is the wanted one, except where this program is root and the
 * user that PostgreSQL runs as cannot get there: then it is a folder of its own under `SHARED_HOME`.
 *
 * @throws Error with a sentence when the folder cannot be made.
 */
export async function prepareDataHome(wantedDir: string): Promise<DataHome> {
  const wanted = await resolveLinks(resolve(wantedDir));
  const user = await findServiceUser(join(wanted, "postgres"));
  await openOwnFolder(wanted);
  if (await canReach(join(wanted, "postgres"), user)) return makeDataHome(wanted, user);
  const folder = createHash("sha256").update(wanted).digest("hex").slice(0, 16);
  const reachable = join(SHARED_HOME, folder);
  await makeReadableFolder(SHARED_HOME);
  return makeDataHome(reachable, await findServiceUser(join(reachable, "postgres")));
}

/**
 * Lets other users pass through a closed folder of root's that holds nothing, or nothing but our files, which
 * are closed themselves. Otherwise the data would go elsewhere although the folder was made for it.
 */
async function openOwnFolder(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const stats = await stat(folder).catch(() => undefined);
  if (!stats?.isDirectory() || stats.uid !== 0 || stats.mode & 0o001) return;
  const names = await readdir(folder);
  if (names.every((name) => name.startsWith("postgres"))) await chmod(folder, (stats.mode & 0o777) | 0o011);
}

async function makeDataHome(dataDir: string, user: ServiceUser | undefined): Promise<DataHome> {
  await makeReadableFolder(dataDir);
  return {
    dataDir,
    cluster: join(dataDir, "postgres"),
    passwordFile: join(dataDir, "postgres.password"),
    portFile: join(dataDir, "postgres.port"),
    logFile: join(dataDir, "postgres.log"),
    user,
  };
}

async function makeReadableFolder(folder: string): Promise<void> {
  try {
    const made = await mkdir(folder, { recursive: true });
    // Only root hands the folder to another user, and root's umask may be a strict one.
    if (made !== undefined && process.getuid?.() === 0) await chmod(folder, 0o755);
  } catch (error) {
    throw new Error(
      `The data folder ${folder} cannot be made: ${describeError(error)}. Choose another with DATA_DIR, or set DATABASE_URL.`,
    );
  }
}

/** The path without symbolic links, also where its last parts are not there yet. */
async function resolveLinks(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || path === dirname(path)) return real ?? path;
  return join(await resolveLinks(dirname(path)), basename(path));
}
