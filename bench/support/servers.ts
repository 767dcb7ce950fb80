import { fileURLToPath } from "node:url";
import { type Child, freePort, nextMessage, startProgram, startScript, untilReady } from "./children.ts";
import type { PostgresServer } from "./postgres.ts";
import { startRedis } from "./redis.ts";

/** A server under measurement. */
export interface RunningServer {
  readonly port: number;
  readonly databaseUrl: string;
  readonly child: Child;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READY_WITHIN_SECONDS = 60;

/** The naive server on a database of its own. */
export async function startNaive(postgres: PostgresServer, scenario: string): Promise<RunningServer> {
  const databaseUrl = await postgres.createDatabase(`naive_${scenario}`);
  const port = await freePort();
  const env = { PORT: String(port), DATABASE_URL: databaseUrl };
  const child = startScript("naive server", new URL("../naive-server.ts", import.meta.url), env);
  await answersReadyz(child, port);
  return { port, databaseUrl, child, stop: child.stop };
}

/** What a product server keeps over a restart. */
export interface ProductHome {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** A folder for CPU profiles, written when the server ends. */
  readonly profiles: string | undefined;
}

/** A database and a Redis for the product in one scenario: nothing cached for another one's rows. */
export async function productHome(
  postgres: PostgresServer,
  scenario: string,
  profiles: string | undefined,
): Promise<ProductHome> {
  const databaseUrl = await postgres.createDatabase(`product_${scenario}`);
  return { databaseUrl, redisUrl: await startRedis(), profiles };
}

/** The product as users start it, as a plain process with settings from the environment. */
export async function startProduct(home: ProductHome): Promise<RunningServer> {
  const port = await freePort();
  const profiling = home.profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${home.profiles}`];
  const env = {
    ...process.env,
    PORT: String(port),
    DATABASE_URL: home.databaseUrl,
    REDIS_URL: home.redisUrl,
    PRICE_FEED: "none",
    AUTH: "open",
    LOG_LEVEL: "warn",
  };
  const child = startProgram("product", process.execPath, [...profiling, "bin/run.mjs", "main"], {
    cwd: ROOT,
    env,
  });
  await answersReadyz(child, port);
  return { port, databaseUrl: home.databaseUrl, child, stop: child.stop };
}

/** The raw websocket broadcaster. `broadcastFor` answers how many frames each client was sent. */
export async function startRawWs() {
  const port = await freePort();
  const child = startScript("raw ws server", new URL("../raw-ws-server.ts", import.meta.url), {
    PORT: String(port),
  });
  await nextMessage(child);
  return {
    port,
    child,
    stop: child.stop,
    async broadcastFor(seconds: number): Promise<number> {
      child.process.send({ seconds });
      return ((await nextMessage(child)) as { sent: number }).sent;
    },
  };
}

async function answersReadyz(child: Child, port: number): Promise<void> {
  await untilReady(child, READY_WITHIN_SECONDS, async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/readyz`);
    if (status !== 200) throw new Error(`GET /readyz answered ${status}`);
  });
}
