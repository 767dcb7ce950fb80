import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

const DEBIAN_ROOT = "/usr/lib/postgresql";

/** A program of PostgreSQL's client package. */
export interface ClientTool {
  path: string;
  major: number;
}

/** Finds `pg_dump` or `pg_restore`, on the PATH or where Debian puts each version: the newest. */
export async function findTool(name: "pg_dump" | "pg_restore"): Promise<ClientTool | undefined> {
  const versions = await readdir(DEBIAN_ROOT).catch(() => []);
  const paths = [name, ...versions.map((version) => join(DEBIAN_ROOT, version, "bin", name))];
  const found: ClientTool[] = [];
  for (const path of paths) {
    const major = await majorOf(path);
    if (major !== undefined) found.push({ path, major });
  }
  return found.sort((a, b) => b.major - a.major)[0];
}

async function majorOf(path: string): Promise<number | undefined> {
  const child = spawn(path, ["--version"], { stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const ended = await once(child, "close").catch(() => undefined);
  const [, major] = / (\d+)(?:\.|\b)/.exec(printed) ?? [];
  return ended === undefined || major === undefined ? undefined : Number(major);
}

/**
 * Runs a client program and hands on what it prints.
 * @param password goes by the environment: arguments can be read by other users.
 * @throws Error with the last line of what it complained.
 */
export async function* runTool(path: string, args: string[], password?: string): AsyncGenerator<Buffer> {
  const child = spawn(path, args, {
    env: { ...process.env, LC_ALL: "C", ...(password !== undefined && { PGPASSWORD: password }) },
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  // Met below; a program that cannot be started has no output to wait for.
  ended.catch(() => {});
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const [code] = await ended;
    if (code !== 0) {
      const line = complaint.trim().split("\n").at(-1) ?? "";
      throw new Error(`${path} ended with ${code}: ${line}`);
    }
  } finally {
    if (child.exitCode === null) child.kill();
  }
}
