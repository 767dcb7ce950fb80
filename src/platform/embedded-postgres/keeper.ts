// The keeper: a process of its own that starts PostgreSQL, starts it again when it dies, and ends it when the
// app has ended, however that ended. Each app has one, told of the app's end by the closing of standard input.
// Several keepers of one cluster get along: they adopt what runs, and the last one to leave shuts it down.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { bringUp, type Order, type Server, watchStopping } from "./bring-up.ts";
import { APPLICATION, connect } from "./connection.ts";
import { boundLog } from "./log-file.ts";
import { isPostmaster, signalPostmaster } from "./postmaster.ts";
import { describeError } from "./run-program.ts";

/** What the keeper tells its app, one JSON line each. */
export type KeeperMessage =
  | ({ kind: "ready" } & Server)
  | { kind: "log"; line: string }
  | { kind: "failed"; message: string }
  | { kind: "kept" };

// Elsewhere each look costs a run of ps.
const LOOK_MS = process.platform === "linux" ? 200 : 1_000;
const UNUSED_MS = 2_000;
const UNUSED_AFTER_GOODBYE_MS = 400;
const UNKNOWN_MS = 30_000;
const FAST_SHUTDOWN_MS = 60_000;
const ON_WATCH_LOCK = 7_236_411;

const order: Order = JSON.parse(process.argv[2] ?? "{}");
const { home } = order;
const password = readFileSync(home.passwordFile, "utf8").trim();
let saidGoodbye = false;
let appEnded = false;

process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  if (text.includes("stop")) saidGoodbye = true;
});
for (const event of ["end", "close", "error"]) {
  process.stdin.on(event, () => {
    appEnded = true;
  });
}
process.stdout.on("error", () => undefined);
// A service manager that signals the whole group must not take PostgreSQL from an app that still drains.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

await keep();
process.exit(0);

async function keep(): Promise<void> {
  let server = await bringUpFirst();
  while (server) {
    tell({ kind: "ready", ...server });
    order.port ??= server.port;
    const end = await watch(server);
    if (end === "app ended") return leave(server);
    tell({ kind: "log", line: "PostgreSQL has ended and is being started again" });
    server = await bringUpAgain();
  }
}

async function bringUpFirst(): Promise<Server | undefined> {
  try {
    return await bringUp(order, () => !appEnded);
  } catch (error) {
    tell({ kind: "failed", message: describeError(error) });
    return undefined;
  }
}

/** What hinders a restart (a full disk, a taken port) may pass, and the app waits, so this does not give up. */
async function bringUpAgain(): Promise<Server | undefined> {
  for (let pause = 250; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      return await bringUp(order, () => !appEnded);
    } catch (error) {
      tell({ kind: "log", line: describeError(error) });
      if (appEnded) return undefined;
      await sleep(pause);
    }
  }
}

async function watch(server: Server): Promise<"server ended" | "app ended"> {
  const hurry = watchStopping(home.cluster);
  for (let round = 0; !appEnded; round += 1) {
    if (!isPostmaster(server.pid, home.cluster)) return "server ended";
    if (round % 5 === 0) await hurry();
    if (round % 300 === 0) await boundLog(home).catch(() => undefined);
    await sleep(LOOK_MS);
  }
  return "app ended";
}

/**
 * Waits until no client of ours is left and shuts the server down. Only one keeper without an app has to stay
 * for that: who does not get the lock leaves at once.
 */
async function leave(server: Server): Promise<void> {
  const patience = saidGoodbye ? 0 : UNUSED_MS;
  const since = Date.now();
  let lastUsed = since;
  let lastKnown = since;
  let client: Awaited<ReturnType<typeof connect>> | undefined;
  while (isPostmaster(server.pid, home.cluster)) {
    try {
      client ??= await connect({ port: server.port, password }, "keeper of the playground");
      const { rows } = await client.query(
        `SELECT pg_try_advisory_lock($1) AS on_watch,
                EXISTS (SELECT FROM pg_stat_activity WHERE starts_with(application_name, $2)) AS in_use`,
        [ON_WATCH_LOCK, APPLICATION],
      );
      if (!rows[0].on_watch) return tell({ kind: "kept" });
      lastKnown = Date.now();
      if (rows[0].in_use) lastUsed = lastKnown;
      else if (lastKnown - lastUsed >= patience) break;
    } catch {
      client = undefined;
      if (Date.now() - lastKnown > UNKNOWN_MS) break;
    }
    // The connections that the app has just closed take a moment to disappear.
    const justSaidGoodbye = saidGoodbye && Date.now() - since < UNUSED_AFTER_GOODBYE_MS;
    if (saidGoodbye && !justSaidGoodbye) tell({ kind: "kept" });
    await sleep(justSaidGoodbye ? 20 : LOOK_MS);
  }
  await client?.end().catch(() => undefined);
  await shutDown(server);
}

async function shutDown(server: Server): Promise<void> {
  const since = Date.now();
  signalPostmaster(server.pid, home.cluster, "SIGINT");
  while (isPostmaster(server.pid, home.cluster)) {
    if (Date.now() - since > FAST_SHUTDOWN_MS) signalPostmaster(server.pid, home.cluster, "SIGQUIT");
    await sleep(20);
  }
}

function tell(message: KeeperMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
