import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { DataHome } from "./data-home.ts";
import { explainFullDisk } from "./disk-space.ts";
import { logSize, openLog, readLogSince } from "./log-file.ts";
import { choosePort, isAnswering, rememberPort } from "./port.ts";
import { endOrphans, isPostmaster, readPidFile, removeStalePidFile, signalPostmaster } from "./postmaster.ts";
import { asUser, childEnvironment } from "./run-program.ts";

/** A server that accepts connections. `adopted`: it was running already. */
export type Server = { pid: number; port: number; adopted: boolean };

/** What a keeper needs to know. `port` is fixed once the app has told it to others. */
export type Order = { home: DataHome; postgres: string; port?: number };

const LOOK_AGAIN_MS = 15;
const DEAD_HOLDER_MS = 3_000;
const GIVE_UP_MS = 60_000;
const HURRY_AFTER_MS = 10_000;

/**
 * Finds the cluster's running server or starts one. PostgreSQL's own lock on the folder decides between
 * several that try at once; the losers come round again and find the winner.
 *
 * @param isWanted is asked before each attempt to start; a running server is found in any case.
 * @returns undefined when there is no server and none is wanted.
 * @throws Error with the last lines of PostgreSQL's log when it does not start.
 */
export async function bringUp(order: Order, isWanted: () => boolean): Promise<Server | undefined> {
  const { cluster } = order.home;
  const since = Date.now();
  const stopping = watchStopping(cluster);
  for (;;) {
    const file = await readPidFile(cluster);
    if (file && isPostmaster(file.pid, cluster)) {
      if (file.status === "ready" && (await isAnswering(file.port))) {
        return { pid: file.pid, port: file.port, adopted: true };
      }
      if (file.status === "ready" && Date.now() - since > GIVE_UP_MS) {
        throw new Error(
          `${cluster}/postmaster.pid names process ${file.pid}, which does not answer on port ${file.port}. End that process or remove the file.`,
        );
      }
      await stopping();
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    if (!isWanted()) return undefined;
    if (file) await removeStalePidFile(cluster, file);
    const attempt = await launch(order);
    if (typeof attempt !== "string") return attempt;
    if (!isPassing(attempt, order) || Date.now() - since > GIVE_UP_MS) {
      const space = await explainFullDisk(order.home.dataDir);
      throw new Error(`${space}PostgreSQL did not start on ${cluster}: ${attempt}`);
    }
    if (attempt.includes("shared memory block") && Date.now() - since > DEAD_HOLDER_MS) endOrphans(cluster);
    await sleep(100);
  }
}

/**
 * A look at the cluster that turns a shutdown into a fast one when it takes longer than 10 s: after SIGTERM
 * PostgreSQL takes no new clients but waits for the present ones, and those may never leave.
 */
export function watchStopping(cluster: string): () => Promise<void> {
  let since: number | undefined;
  return async () => {
    const file = await readPidFile(cluster);
    if (file?.status !== "stopping") {
      since = undefined;
      return;
    }
    since ??= Date.now();
    if (Date.now() - since > HURRY_AFTER_MS) signalPostmaster(file.pid, cluster, "SIGINT");
  };
}

/** Starts PostgreSQL once: the server when it is ready, else the last lines of its log. */
async function launch(order: Order): Promise<Server | string> {
  const { home } = order;
  const port = order.port ?? (await choosePort(home.portFile));
  const logged = await logSize(home);
  const log = openLog(home);
  const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories="];
  const child = spawn(
    order.postgres,
    ["-D", home.cluster, ...settings.flatMap((setting) => ["-c", setting])],
    {
      cwd: home.dataDir,
      env: childEnvironment(),
      stdio: ["ignore", log, log],
      detached: true,
      windowsHide: true,
      ...asUser(home.user),
    },
  );
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = `${order.postgres} cannot be run: ${error.message}`;
  });
  closeSync(log);
  while (failure === undefined && child.exitCode === null && child.signalCode === null) {
    const file = await readPidFile(home.cluster);
    if (file && file.pid === child.pid && file.status === "ready") {
      // Without it the next start takes another port, which is no reason to give up this one.
      await rememberPort(home.portFile, port).catch(() => undefined);
      return { pid: file.pid, port, adopted: false };
    }
    await sleep(LOOK_AGAIN_MS);
  }
  return failure ?? (await readLogSince(home, logged));
}

/** Whether trying again may help: another start was faster, the old server's processes linger, a port is taken. */
function isPassing(failure: string, order: Order): boolean {
  if (/lock file .* already exists|shared memory block/.test(failure)) return true;
  return order.port === undefined && /could not bind|could not create any TCP/.test(failure);
}
