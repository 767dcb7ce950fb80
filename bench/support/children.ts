import { type ChildProcess, fork, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { undoLater } from "./cleanup.ts";

/** A process the bench started. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** The last lines it wrote to stderr, to explain a failure. */
  readonly complaints: () => string;
  /** Sends `signal` (default SIGTERM) and resolves when the process has ended; SIGKILL after 15 s. */
  readonly stop: () => Promise<void>;
}

const KILL_AFTER_MS = 15_000;
const COMPLAINTS_KEPT = 4_000;

function watch(name: string, child: ChildProcess, signal: NodeJS.Signals): Child {
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  let complaints = "";
  child.stderr?.on("data", (text: Buffer) => {
    complaints = (complaints + text.toString()).slice(-COMPLAINTS_KEPT);
  });
  const ended = once(child, "exit");
  const stop = undoLater(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    // Each child leads its own process group, so that a launcher's children end with it.
    const kill = setTimeout(() => process.kill(-pid, "SIGKILL"), KILL_AFTER_MS);
    await ended;
    clearTimeout(kill);
  });
  return { name, pid, process: child, complaints: () => complaints.trim(), stop };
}

/** Starts a program in a process group of its own; its stdout is dropped. */
export function startProgram(
  name: string,
  command: string,
  args: readonly string[],
  options: SpawnOptions & { stopSignal?: NodeJS.Signals } = {},
): Child {
  const { stopSignal = "SIGTERM", ...rest } = options;
  const child = spawn(command, args, { ...rest, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  child.on("error", (error) => process.stderr.write(`${name}: ${error.message}\n`));
  return watch(name, child, stopSignal);
}

/** Starts one of the bench's own TypeScript files with an IPC channel; it ends when the bench does. */
export function startScript(name: string, file: URL, env: NodeJS.ProcessEnv = {}): Child {
  const child = fork(file, {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, NODE_ENV: "production", ...env },
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  return watch(name, child, "SIGTERM");
}

/** Runs a program to its end and returns its stdout. Throws with its stderr when it fails. */
export async function runProgram(command: string, args: readonly string[], options: SpawnOptions = {}) {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout?.on("data", (text: Buffer) => {
    output += text.toString();
  });
  child.stderr?.on("data", (text: Buffer) => {
    errors += text.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${errors.trim() || output.trim()}`);
  return output;
}

/** The next IPC message of a child. Throws, with what it wrote to stderr, when it ends before it answers. */
export async function nextMessage(child: Child): Promise<unknown> {
  const waiting = new AbortController();
  try {
    const { signal } = waiting;
    return await Promise.race([
      once(child.process, "message", { signal }).then(([message]: unknown[]) => message),
      once(child.process, "exit", { signal }).then(([code]: unknown[]) => {
        throw new Error(`${child.name} ended with ${String(code)}: ${child.complaints()}`);
      }),
    ]);
  } finally {
    waiting.abort();
  }
}

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free TCP port");
  return address.port;
}

/** Calls `attempt` every 50 ms until it succeeds; gives up when the child ended or after `seconds`. */
export async function untilReady(
  child: Child,
  seconds: number,
  attempt: () => Promise<unknown>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      const ended = child.process.exitCode !== null || child.process.signalCode !== null;
      if (ended || Date.now() > deadline) {
        throw new Error(`${child.name} did not become ready: ${child.complaints() || String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
