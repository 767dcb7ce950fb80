import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/redis.ts";
import { readText } from "./files.ts";

export interface Balancer {
  url: string;
  /** Its log so far: a line a request, with backend and instance. */
  log(): string;
  stop(): Promise<void>;
}

const HOW_TO = "no haproxy on the PATH: install HAProxy to run these tests";

/** Where HAProxy is. In CI a missing one is an error; elsewhere the caller skips, with a sentence. */
export function haproxy(context: Mocha.Context): string {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  const program = folders.map((folder) => join(folder, "haproxy")).find(existsSync);
  if (program !== undefined) return program;
  if (process.env.CI === "true") throw new Error(HOW_TO);
  process.stdout.write(`    skipped: ${HOW_TO}\n`);
  return context.skip() as never;
}

/**
 * Runs deploy/haproxy.cfg with nothing but the addresses replaced.
 * @param program as `haproxy` found it.
 * @param instances the address (`127.0.0.1:3000`) of each of the file's servers, by its name.
 */
export async function startBalancer(program: string, instances: Record<string, string>): Promise<Balancer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "trading-playground-haproxy-"));
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, withAddresses(readText("deploy/haproxy.cfg"), `127.0.0.1:${port}`, instances));
  const child = spawn(program, ["-db", "-f", file], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      log += chunk;
    });
  }
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy ended:\n${log}`);
    return await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  });
  return {
    url,
    log: () => log,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function withAddresses(text: string, bind: string, instances: Record<string, string>): string {
  let seen = 0;
  const replaced = text
    .replace(/^( +bind )\S+/gm, `$1${bind}`)
    .replace(/^( +server )(\w+) \S+/gm, (_line, server: string, name: string) => {
      const address = instances[name];
      if (address === undefined) throw new Error(`deploy/haproxy.cfg names ${name}, which is not there.`);
      seen++;
      return `${server}${name} ${address}`;
    });
  if (seen === 0) throw new Error("deploy/haproxy.cfg names no server.");
  return replaced;
}
