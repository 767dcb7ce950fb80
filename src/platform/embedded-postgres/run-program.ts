import { spawn } from "node:child_process";
import type { ServiceUser } from "./service-user.ts";

const PASSED_ON = [
  "PATH",
  "HOME",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SystemRoot",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
];

/**
 * The environment of our child processes. It leaves the app's secrets out, and PG* variables, which would
 * silently change what PostgreSQL's programs do. A fixed language keeps their messages recognisable.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const passedOn = PASSED_ON.filter((name) => process.env[name] !== undefined);
  return { ...Object.fromEntries(passedOn.map((name) => [name, process.env[name]])), LC_ALL: "C", TZ: "UTC" };
}

/** spawn's options for changing to another user; none means staying who we are. */
export function asUser(user: ServiceUser | undefined): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/**
 * Runs one of PostgreSQL's programs to its end.
 *
 * @throws Error with the last lines that the program printed, when it fails or cannot be started.
 */
export async function runProgram(
  file: string,
  args: string[],
  options: { cwd: string; user: ServiceUser | undefined },
): Promise<void> {
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: childEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    ...asUser(options.user),
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed = (printed + text).slice(-20_000);
    });
  }
  const end = await new Promise<string>((resolveEnd, reject) => {
    child.once("error", (error) => reject(new Error(`${file} cannot be run: ${error.message}`)));
    child.once("close", (code, signal) => resolveEnd(signal ?? String(code)));
  });
  if (end !== "0") throw new Error(`${file} ended with ${end}: ${lastLines(printed)}`);
}

/** The last lines of what a program printed, for an error's message. */
export function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-12).join("\n") || "it printed nothing";
}

/** An error's message, whatever was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's code of an error (`ENOENT`), or PostgreSQL's (`3D000`). */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
