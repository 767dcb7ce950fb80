import { type FileHandle, open } from "node:fs/promises";
import { ImportError } from "./source.ts";

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  ENOTDIR: "there is no such file",
};

/**
 * Opens a file, or a pipe, to read.
 * @returns the handle and its size in bytes; 0 where it is a pipe.
 * @throws ImportError with a sentence: missing, not readable, a directory.
 */
export async function openFile(path: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const status = await handle.stat();
    if (status.isDirectory()) throw new ImportError(`${path} is a directory; a file is expected.`);
    return { handle, size: status.size };
  } catch (error) {
    await handle?.close();
    throw error instanceof ImportError ? error : unreadable(path, error);
  }
}

/** The sentence for what went wrong while a file was read. */
export function unreadable(path: string, error: unknown): ImportError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new ImportError(`${path} cannot be read: ${REASONS[code] ?? code}.`);
}

/** Decodes chunks of UTF-8, without a byte order mark. @throws ImportError where they are none. */
export async function* decodeUtf8(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new ImportError(`${path} cannot be read: it is not UTF-8 text.`);
    }
  };
  for await (const chunk of chunks) {
    const text = decode(chunk);
    if (text !== "") yield text;
  }
  const rest = decode();
  if (rest !== "") yield rest;
}
