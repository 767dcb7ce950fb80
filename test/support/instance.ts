import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type App, startApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { createLogger } from "../../src/platform/logger.ts";

export type Environment = Record<string, string>;

const QUIET: Environment = { PORT: "0", HOST: "127.0.0.1", PRICE_FEED: "none", LOG_LEVEL: "silent" };

/** The service inside the test's own process: quick to start, cannot be killed. */
export async function startHere(environment: Environment): Promise<App> {
  // A folder without .env files, so that a developer's own settings do not reach the tests.
  const config = loadConfig({ ...QUIET, ...environment }, "/");
  return await startApp(config, createLogger(config.logLevel));
}

export interface Instance {
  url: string;
  pid: number;
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** kill -9 */
  kill(): Promise<void>;
  /** SIGTERM. @returns the exit code. */
  stop(): Promise<number | null>;
}

/** The service as a process of its own, as users run it. Resolves when it says that it is ready. */
export async function startInstance(environment: Environment, program = "main"): Promise<Instance> {
  const child = spawn(process.execPath, ["--enable-source-maps", `dist/${program}.js`], {
    env: { ...process.env, DATABASE_URL: "", REDIS_URL: "", ...QUIET, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exited = once(child, "exit");
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      output += `${line}\n`;
      const ready = /ready at (\S+)/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    exited.then(() => reject(new Error(`The instance ended before it was ready:\n${output}`)));
  });
  return {
    url,
    pid: child.pid as number,
    process: child,
    output: () => output,
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      child.kill("SIGTERM");
      await exited;
      return child.exitCode;
    },
  };
}
