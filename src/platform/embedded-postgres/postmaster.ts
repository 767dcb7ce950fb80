import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { link, readFile, rename, rm } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import { errorCode } from "./run-program.ts";

/** What a running server says about itself in `postmaster.pid`. */
export type PidFile = { text: string; pid: number; port: number; status: string };

/** Reads `postmaster.pid`; undefined when it is not there, or not yet complete. */
export async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { text, pid, port: Number(lines[3] ?? 0), status: lines[7] ?? "" };
}

/**
 * Whether the process of this id is the server of this cluster. After a crash or a reboot the id may belong
 * to another program, and in a container without an init process to a dead one that nobody has reaped.
 */
export function isPostmaster(pid: number, cluster: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== "EPERM") return false;
  }
  const command = readCommand(pid);
  // Where the system does not tell, the server's own lock has to be believed.
  if (command === undefined) return true;
  // The server's children call themselves "postgres: …", and they are no postmaster.
  if (!/^postgres(\.exe)?$/.test(basename(command[0] ?? ""))) return false;
  const option = command.indexOf("-D");
  const folder = option < 0 ? "" : (command[option + 1] ?? "");
  return !isAbsolute(folder) || isSameFolder(folder, cluster);
}

/** A folder that is gone may be ours under its earlier name, so it counts as the same. */
function isSameFolder(one: string, other: string): boolean {
  try {
    const [first, second] = [statSync(one), statSync(other)];
    return first.ino === second.ino && first.dev === second.dev;
  } catch (error) {
    return errorCode(error) === "ENOENT";
  }
}

/** The command line of a process; one empty word for a dead one, undefined where the system does not tell. */
function readCommand(pid: number): string[] | undefined {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (process.platform === "win32") return undefined;
    const line = execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line.split(/ (?=-[A-Za-z] )|(?<= -[A-Za-z]) /);
  } catch {
    return undefined;
  }
}

/**
 * Takes away a `postmaster.pid` that names a process which is not the server. PostgreSQL would refuse to
 * start over it. It is moved aside first, so that the file of a server that started meanwhile is put back.
 */
export async function removeStalePidFile(cluster: string, seen: PidFile): Promise<void> {
  const file = join(cluster, "postmaster.pid");
  const aside = join(cluster, `postmaster.pid.${randomUUID()}`);
  try {
    await rename(file, aside);
    if ((await readFile(aside, "utf8")) !== seen.text) await link(aside, file);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" && errorCode(error) !== "EEXIST") throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Sends the server a signal: SIGINT is its fast shutdown, SIGQUIT the one that needs recovery later. */
export function signalPostmaster(pid: number, cluster: string, signal: "SIGINT" | "SIGQUIT"): void {
  if (!isPostmaster(pid, cluster)) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}

/**
 * Ends server processes that outlived their postmaster and still hold the cluster's shared memory, such as
 * one in the middle of a long query. Only Linux tells which these are; elsewhere they are waited for.
 */
export function endOrphans(cluster: string): void {
  if (process.platform !== "linux") return;
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || !readCommand(pid)?.[0]?.startsWith("postgres: ")) continue;
    try {
      if (readlinkSync(`/proc/${pid}/cwd`) === cluster) process.kill(pid, "SIGQUIT");
    } catch {
      // It ended by itself, or it is not ours to look at.
    }
  }
}
