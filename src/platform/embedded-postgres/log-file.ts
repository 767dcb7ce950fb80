import { fchownSync, openSync } from "node:fs";
import { copyFile, open, stat, truncate } from "node:fs/promises";
import type { DataHome } from "./data-home.ts";
import { lastLines } from "./run-program.ts";

const LARGEST = 8 * 1024 * 1024;

/**
 * Opens PostgreSQL's log for a child process and returns its descriptor, which the caller closes. Append mode
 * lets the log be cut while the server writes to it.
 */
export function openLog(home: DataHome): number {
  const descriptor = openSync(home.logFile, "a", 0o600);
  if (home.user) fchownSync(descriptor, home.user.uid, home.user.gid);
  return descriptor;
}

export async function logSize(home: DataHome): Promise<number> {
  return (await stat(home.logFile).catch(() => undefined))?.size ?? 0;
}

/** Keeps the log and one older piece of it, each of at most about 8 MB. */
export async function boundLog(home: DataHome): Promise<void> {
  if ((await logSize(home)) <= LARGEST) return;
  await copyFile(home.logFile, `${home.logFile}.1`);
  await truncate(home.logFile, 0);
}

/** The last lines that were written to the log after it had `from` bytes. */
export async function readLogSince(home: DataHome, from: number): Promise<string> {
  const file = await open(home.logFile, "r");
  try {
    const { size } = await file.stat();
    const start = Math.max(size < from ? 0 : from, size - 20_000);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return lastLines(buffer.toString("utf8", 0, bytesRead));
  } finally {
    await file.close();
  }
}
