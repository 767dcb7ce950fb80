import { type ChildProcessByStdio, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Order, Server } from "./bring-up.ts";
import type { KeeperMessage } from "./keeper.ts";
import { openLog } from "./log-file.ts";
import { childEnvironment, describeError } from "./run-program.ts";

/** The app's side of its keeper. `ready` is the first server it found or started. */
export type KeeperLink = { ready: Promise<Server>; stop(): Promise<void> };

type KeeperProcess = ChildProcessByStdio<Writable, Readable, null>;

type RunningKeeper = { child: KeeperProcess; ended: Promise<number | null>; kept: Promise<void> };

const TRIES = 3;

/**
 * Starts a keeper, and another one whenever it ends without being told to; the new one adopts the server.
 *
 * @param log gets a sentence when the keeper or the server had to be started again.
 */
export function startKeeper(order: Order, log: (line: string) => void): KeeperLink {
  let keeper: RunningKeeper | undefined;
  let isReady = false;
  let nothingRuns = false;
  let stopping = false;
  let resolveReady: (server: Server) => void;
  let rejectReady: (error: Error) => void;
  const ready = new Promise<Server>((resolve, reject) => {
    resolveReady = resolve;
    rejectReady = reject;
  });

  const hear = (message: KeeperMessage) => {
    if (message.kind === "log") log(message.line);
    if (message.kind === "failed") {
      // It leaves no server behind, so nothing has to be stopped.
      nothingRuns = true;
      rejectReady(new Error(message.message));
    }
    if (message.kind !== "ready") return;
    if (order.port !== undefined && message.port !== order.port) {
      log(`PostgreSQL has moved to port ${message.port}; restart this program to follow it`);
    }
    order.port ??= message.port;
    isReady = true;
    resolveReady(message);
    if (keeper && !stopping) holdProcess(keeper.child, false);
  };

  const supervise = async () => {
    for (let failures = 0; !stopping; ) {
      const startedAt = Date.now();
      keeper = spawnKeeper(order, hear);
      const code = await keeper.ended;
      keeper = undefined;
      if (stopping) return;
      failures = Date.now() - startedAt > 5_000 ? 1 : failures + 1;
      if (!isReady && (code === 0 || failures === TRIES)) {
        return rejectReady(new Error(`The keeper of PostgreSQL ended (${code}); see ${order.home.logFile}`));
      }
      log("The keeper of PostgreSQL has ended and is being started again");
      await sleep(Math.min(50 * 2 ** failures, 5_000), undefined, { ref: !isReady });
    }
  };
  supervise().catch((error: unknown) => {
    rejectReady(new Error(describeError(error)));
    log(`PostgreSQL is not being watched: ${describeError(error)}`);
  });

  const stop = async () => {
    stopping = true;
    // A keeper that was killed has left the server running, so another one has to end it.
    for (let attempt = 0; attempt < TRIES && !nothingRuns; attempt += 1) {
      keeper ??= spawnKeeper(order, () => undefined);
      const { child, ended, kept } = keeper;
      holdProcess(child, true);
      child.stdin.end("stop\n");
      const end = await Promise.race([ended, kept.then(() => 0)]);
      holdProcess(child, false);
      keeper = undefined;
      if (end === 0) return;
    }
  };
  return { ready, stop };
}

function spawnKeeper(order: Order, hear: (message: KeeperMessage) => void): RunningKeeper {
  const own = extname(import.meta.url);
  const script = fileURLToPath(new URL(`./keeper${own}`, import.meta.url));
  const loader = own === ".ts" ? ["--import", findTypeScriptLoader()] : [];
  const errors = openLog(order.home);
  // A process group of its own: Ctrl+C must not end it while the app still drains.
  const child = spawn(process.execPath, [...loader, script, JSON.stringify(order)], {
    cwd: order.home.dataDir,
    env: childEnvironment(),
    stdio: ["pipe", "pipe", errors],
    detached: true,
    windowsHide: true,
  }) as KeeperProcess;
  child.stdin.on("error", () => undefined);
  let resolveKept: () => void;
  const kept = new Promise<void>((resolve) => {
    resolveKept = resolve;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (code) => resolve(code));
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message: KeeperMessage = JSON.parse(line);
    if (message.kind === "kept") resolveKept();
    else hear(message);
  });
  closeSync(errors);
  return { child, ended, kept };
}

/** The address of tsx, which runs the sources as they are; the built program needs none. */
function findTypeScriptLoader(): string {
  // Not import.meta.resolve: mocha loads this file in a way that does not have it.
  return pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
}

/** Whether the keeper keeps this process from ending: while something of it is awaited, and only then. */
function holdProcess(child: KeeperProcess, hold: boolean): void {
  // Pipes to a child process are sockets, which its type does not say.
  for (const handle of [child, child.stdin as Socket, child.stdout as Socket]) {
    if (hold) handle.ref();
    else handle.unref();
  }
}
