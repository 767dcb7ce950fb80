import type { Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Whom PostgreSQL's programs run as. PostgreSQL refuses to run as root. */
export type ServiceUser = { uid: number; gid: number };

const READ = 4;
const ENTER = 1;

/**
 * Says whom the cluster has to run as: the owner it already has, else `postgres`, else `nobody`.
 * Undefined means "as whoever runs this program", which is right for everybody but root.
 *
 * @throws Error when the cluster belongs to root, whom PostgreSQL does not accept.
 */
export async function findServiceUser(cluster: string): Promise<ServiceUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  if (owner && (await readdir(cluster)).length > 0) {
    throw new Error(
      `The data in ${cluster} belongs to root, and PostgreSQL does not run as root. Give it to another user (chown -R postgres "${cluster}").`,
    );
  }
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  return findAccount(accounts, "postgres") ?? findAccount(accounts, "nobody") ?? { uid: 65534, gid: 65534 };
}

function findAccount(accounts: string, name: string): ServiceUser | undefined {
  const fields = accounts
    .split("\n")
    .find((line) => line.startsWith(`${name}:`))
    ?.split(":");
  const uid = Number(fields?.[2]);
  const gid = Number(fields?.[3]);
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}

/**
 * Whether the user may read `path` and pass through every folder above it. Folders that are not there yet
 * count as passable, since we make them so. `path` must hold no symbolic links.
 */
export async function canReach(path: string, user: ServiceUser | undefined): Promise<boolean> {
  if (!user) return true;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stats = await stat(folder).catch(() => undefined);
    if (stats && !allows(stats, user, ENTER)) return false;
    if (folder === dirname(folder)) break;
  }
  const stats = await stat(path).catch(() => undefined);
  return !stats || allows(stats, user, stats.isDirectory() ? READ | ENTER : READ);
}

function allows(stats: Stats, user: ServiceUser, wanted: number): boolean {
  const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0;
  return ((stats.mode >> shift) & wanted) === wanted;
}
