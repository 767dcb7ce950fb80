import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** A Redis of a test's own, which it may kill, freeze and start again on the same port. */
export interface TestRedis {
  url: string;
  port: number;
  start(): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

const HOW_TO =
  "no redis-server or valkey-server on the PATH and no Debian package to unpack: install Redis to run these tests";

let command: string | undefined | null = null;

/**
 * Where a Redis server is: on the PATH, or unpacked from the distribution's package into a cache folder, without root.
 * In CI a missing one is an error; elsewhere the caller skips, with a sentence.
 */
export function redisServer(context: Mocha.Context): string {
  if (command === null) command = onPath("redis-server") ?? onPath("valkey-server") ?? unpackDebian();
  if (command !== undefined) return command;
  if (process.env.CI === "true") throw new Error(HOW_TO);
  process.stdout.write(`    skipped: ${HOW_TO}\n`);
  return context.skip() as never;
}

function onPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/bin", "/usr/local/bin"];
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

function unpackDebian(): string | undefined {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "trading-playground", "redis");
  const server = join(cache, "usr/bin/redis-check-rdb");
  try {
    if (!existsSync(server)) {
      mkdirSync(cache, { recursive: true });
      const packages = [
        "redis-tools",
        "redis-server",
        "libjemalloc2",
        "liblua5.1-0",
        "liblzf1",
        "lua-cjson",
        "lua-bitop",
      ];
      for (const name of packages) {
        try {
          execFileSync("apt-get", ["download", name], { cwd: cache, stdio: "ignore" });
        } catch {
          // Not every release has each of them.
        }
      }
      for (const file of execFileSync("sh", ["-c", "ls *.deb"], { cwd: cache, encoding: "utf8" })
        .trim()
        .split("\n")) {
        execFileSync("dpkg-deb", ["-x", file, "."], { cwd: cache, stdio: "ignore" });
      }
    }
    const libraries = execFileSync("sh", ["-c", "ls -d usr/lib/*-linux-gnu"], {
      cwd: cache,
      encoding: "utf8",
    }).trim();
    process.env.LD_LIBRARY_PATH = join(cache, libraries);
    // The package's programs are one binary under several names; as redis-server it serves.
    execFileSync("ln", ["-sf", server, join(cache, "redis-server")]);
    execFileSync(join(cache, "redis-server"), ["--version"], { stdio: "ignore" });
    return join(cache, "redis-server");
  } catch {
    return undefined;
  }
}

/** Starts a Redis on a free port, or skips the test where there is none to start. */
export async function startRedis(context: Mocha.Context, ...extra: string[]): Promise<TestRedis> {
  const program = redisServer(context);
  const port = await ownPort();
  let child: ChildProcess | undefined;
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    port,
    async start() {
      const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
      // Not the one of that folder, which anybody may have left there: it would be loaded at the start.
      options.push("--dbfilename", `trading-playground-${port}.rdb`);
      child = spawn(program, [...options, ...extra], { stdio: "ignore", cwd: "/tmp" });
      await answers(port);
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    stop: () => redis.kill(),
  };
  await redis.start();
  return redis;
}

async function answers(port: number): Promise<void> {
  const probe = new Redis({ port, host: "127.0.0.1", retryStrategy: () => 20, maxRetriesPerRequest: 500 });
  probe.on("error", () => {});
  try {
    await probe.ping();
  } finally {
    probe.disconnect();
  }
}

let nextOwn = 10_000 + (process.pid % 900) * 20;

/**
 * A port that nobody is given by the system, so that no other test comes between finding it and listening there: a node of
 * a cluster that met another cluster's by mistake would make one of both.
 */
export async function ownPort(): Promise<number> {
  for (;;) {
    const port = nextOwn++;
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
