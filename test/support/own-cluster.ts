import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBinaries } from "../../src/platform/embedded-postgres/binaries.ts";
import { prepareDataHome } from "../../src/platform/embedded-postgres/data-home.ts";
import { eventually } from "./eventually.ts";
import { query } from "./postgres.ts";
import { freePort } from "./redis.ts";

/** A PostgreSQL server that a test may kill, copy as it stands still, and promote. */
export interface OwnCluster {
  /** Where it is, or would be. */
  readonly url: string;
  /** @param port another one than its own. */
  start(port?: number): Promise<void>;
  /** As by a loss of power. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** A standby that has what the stopped server has and gets nothing more, for the same address. */
  copy(): Promise<OwnCluster>;
  /** Makes a standby the primary, on a timeline of its own. */
  promote(): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a cluster with the binaries that the embedded database comes with. */
export async function newCluster(): Promise<OwnCluster> {
  const folder = await mkdtemp(join(tmpdir(), "trading-playground-cluster-"));
  chmodSync(folder, 0o755);
  const home = await prepareDataHome(join(folder, "home"));
  const binaries = await findBinaries(home);
  const identity = home.user === undefined ? {} : { uid: home.user.uid, gid: home.user.gid };
  if (home.user !== undefined) execFileSync("chown", [`${home.user.uid}:${home.user.gid}`, folder]);
  const data = join(folder, "primary");
  execFileSync(binaries.initdb, ["-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N"], {
    ...identity,
    cwd: folder,
    stdio: "ignore",
  });
  const port = await freePort();
  return clusterIn(data, { folder, port, postgres: binaries.postgres, identity });
}

interface Place {
  folder: string;
  port: number;
  postgres: string;
  identity: { uid?: number; gid?: number };
}

function clusterIn(data: string, place: Place): OwnCluster {
  let port = place.port;
  const url = () => `postgresql://tester@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, "exit");
    server.kill(signal);
    await exited;
  };
  const cluster: OwnCluster = {
    get url() {
      return url();
    },
    async start(at = place.port) {
      port = at;
      const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories="];
      server = spawn(place.postgres, ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
        ...place.identity,
        cwd: place.folder,
        stdio: "ignore",
      });
      await eventually(async () => (await query(url(), "SELECT 1").catch(() => undefined)) !== undefined);
    },
    // SIGQUIT ends all server processes at once, so that the port is free for whoever takes over.
    kill: () => end("SIGQUIT"),
    stop: () => end("SIGINT"),
    async copy() {
      const standby = join(place.folder, "standby");
      await cp(data, standby, { recursive: true });
      await writeFile(join(standby, "standby.signal"), "");
      if (place.identity.uid !== undefined) {
        execFileSync("chown", ["-R", `${place.identity.uid}:${place.identity.gid}`, standby]);
      }
      chmodSync(standby, 0o700);
      return clusterIn(standby, place);
    },
    async promote() {
      await query(url(), "SELECT pg_promote(true, 300)");
    },
    async remove() {
      await end("SIGQUIT");
      await rm(place.folder, { recursive: true, force: true });
    },
  };
  return cluster;
}
