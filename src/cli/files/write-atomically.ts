import { lstatSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";

const REASONS: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the disk is read-only",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "it is a folder",
  IRREGULAR: "it is there already, and is no regular file",
};

/** The sentence for a file that cannot be written. */
export function unwritable(file: string, error: unknown): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new Error(`${file} cannot be written: ${REASONS[code] ?? code}.`, { cause: error });
}

/**
 * Why no file may take the place of what is there, as `unwritable` takes it; undefined where one may. Renaming would put
 * a file where a device such as /dev/null was, or a link such as /dev/stdout.
 */
export function obstacleAt(file: string): "EISDIR" | "IRREGULAR" | undefined {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there === undefined || there.isFile()) return undefined;
  return there.isDirectory() ? "EISDIR" : "IRREGULAR";
}

/** The name under which a file is written until it is whole; one that was left by a crash is written over. */
export const partialName = (file: string) => `${file}.partial`;

/**
 * Writes a file that is there whole or not at all: under another name, flushed to the disk, then renamed.
 * @param fill writes the content in pieces.
 * @throws Error with a sentence where it cannot be written, and what `fill` throws; nothing is left then.
 */
export async function writeAtomically(
  file: string,
  fill: (write: (piece: string | Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const writing = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw unwritable(file, error);
    }
  };
  const obstacle = await writing(async () => obstacleAt(file));
  if (obstacle !== undefined) throw unwritable(file, obstacle);
  const partial = partialName(file);
  let handle: FileHandle | undefined;
  try {
    // Only for whoever writes it: a backup holds password hashes.
    const opened = await writing(() => open(partial, "w", 0o600));
    handle = opened;
    await fill((piece) => writing(() => opened.writeFile(piece)));
    await writing(async () => {
      await opened.sync();
      await opened.close();
      handle = undefined;
      await rename(partial, file);
    });
  } catch (error) {
    await handle?.close().catch(() => {});
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  }
}
