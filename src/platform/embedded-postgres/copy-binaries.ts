import { randomUUID } from "node:crypto";
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type DataHome, SHARED_HOME } from "./data-home.ts";
import { describeError } from "./run-program.ts";
import { canReach } from "./service-user.ts";

/**
 * Copies a package's programs to a folder that the service user can read, once for each version, and returns
 * that folder. The copy appears under its name only when it is complete, so several starts may do it at once.
 *
 * @param makeLinks adds the library links to the copy.
 * @throws Error with a sentence when there is no place to write to.
 */
export async function copyBinaries(
  root: string,
  version: string,
  home: DataHome,
  makeLinks: (copy: string) => Promise<boolean>,
): Promise<string> {
  const shared = home.user ? SHARED_HOME : join(homedir(), ".cache", "trading-playground");
  const failures: string[] = [];
  for (const parent of [shared, home.dataDir]) {
    const copy = join(parent, `postgresql-${version}-${process.platform}-${process.arch}`);
    if (!(await canReach(copy, home.user))) continue;
    try {
      if (!(await isThere(copy))) await copyOnce(root, parent, copy, makeLinks);
      return copy;
    } catch (error) {
      failures.push(describeError(error));
    }
  }
  throw new Error(
    `The programs in ${root} cannot be used from there, and a copy could not be made: ${failures.join("; ")}. Set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

async function copyOnce(
  root: string,
  parent: string,
  copy: string,
  makeLinks: (copy: string) => Promise<boolean>,
): Promise<void> {
  if (await mkdir(parent, { recursive: true })) await chmod(parent, 0o755);
  const unfinished = `${copy}.${randomUUID()}`;
  try {
    await copyFolder(join(root, "native"), join(unfinished, "native"));
    await chmod(unfinished, 0o755);
    await makeLinks(unfinished);
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await isThere(copy))) throw error;
  }
}

/** Links are left out, since they are made anew; so are files that only compilers read. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyFolder(source, target);
    else if (entry.isFile() && !entry.name.endsWith(".a")) await copyDurably(source, target);
  }
}

/** A file that a power cut empties after the final rename would look like a complete copy, so it is synced. */
async function copyDurably(source: string, target: string): Promise<void> {
  const { mode } = await stat(source);
  await copyFile(source, target);
  await chmod(target, mode & 0o100 ? 0o755 : 0o644);
  const file = await open(target, "r+");
  await file.sync();
  await file.close();
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
