import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { eventually } from "./eventually.ts";
import { ownPort, startRedis, type TestRedis } from "./redis.ts";

const SLOTS = 16_384;
const MASTERS = 3;
/** A frozen node takes connections and never answers. */
const CALL_TIMEOUT_MS = 2_000;

export interface ClusterNode extends TestRedis {
  id: string;
  /** Sends it a command. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
}

/** Three masters with a replica each, on loopback. */
export interface TestCluster {
  nodes: ClusterNode[];
  /** The master that has the slot of this key or channel. */
  masterOf(key: string): Promise<ClusterNode>;
  /** Hands the slot of this key or channel to another master. */
  move(key: string): Promise<void>;
  /** Resolves when all slots are served by nodes that are there, as `node` sees it. */
  isWhole(node: ClusterNode): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(context: Mocha.Context): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), "trading-playground-redis-cluster-"));
  const nodes: ClusterNode[] = [];
  for (let at = 0; at < 2 * MASTERS; at++) {
    const bus = await ownPort();
    const redis = await startRedis(
      context,
      ...["--cluster-enabled", "yes", "--cluster-port", String(bus), "--cluster-node-timeout", "1500"],
      ...["--cluster-config-file", join(folder, `${at}.conf`), "--repl-diskless-sync-delay", "0"],
    );
    const call = async (command: string, ...args: (string | number)[]) => {
      const client = new Redis(redis.url, { retryStrategy: () => null, commandTimeout: CALL_TIMEOUT_MS });
      client.on("error", () => {});
      try {
        return await client.call(command, ...args.map(String));
      } finally {
        client.disconnect();
      }
    };
    const id = String(await call("CLUSTER", "MYID"));
    if (at > 0)
      await call("CLUSTER", "MEET", "127.0.0.1", nodes[0]?.port ?? 0, await busPort(nodes[0] as ClusterNode));
    nodes.push({ ...redis, id, call });
  }
  const masters = nodes.slice(0, MASTERS);
  for (const [at, node] of masters.entries()) {
    const first = Math.floor((at * SLOTS) / MASTERS);
    await node.call("CLUSTER", "ADDSLOTSRANGE", first, Math.floor(((at + 1) * SLOTS) / MASTERS) - 1);
  }
  const isWhole = (node: ClusterNode) =>
    eventually(async () =>
      String(await node.call("CLUSTER", "INFO").catch(() => "")).includes("cluster_state:ok"),
    ).then(() => {});
  for (const node of nodes) {
    await eventually(async () =>
      String(await node.call("CLUSTER", "INFO")).includes(`cluster_known_nodes:${nodes.length}`),
    );
  }
  for (const [at, node] of nodes.slice(MASTERS).entries()) {
    await node.call("CLUSTER", "REPLICATE", (masters[at] as ClusterNode).id);
  }
  await Promise.all(nodes.map(isWhole));
  for (const node of nodes.slice(MASTERS)) {
    await eventually(async () =>
      String(await node.call("INFO", "replication")).includes("master_link_status:up"),
    );
  }

  const masterOf = async (key: string): Promise<ClusterNode> => {
    const alive = await firstAlive(nodes);
    const slot = Number(await alive.call("CLUSTER", "KEYSLOT", key));
    const ranges = (await alive.call("CLUSTER", "SLOTS")) as [number, number, [string, number, string]][];
    const id = ranges.find(([low, high]) => slot >= low && slot <= high)?.[2][2];
    return nodes.find((node) => node.id === id) as ClusterNode;
  };
  return {
    nodes,
    masterOf,
    isWhole,
    async move(key) {
      const source = await masterOf(key);
      const target = masters.find(({ id }) => id !== source.id) as ClusterNode;
      const slot = Number(await source.call("CLUSTER", "KEYSLOT", key));
      await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source.id);
      await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id);
      for (;;) {
        const keys = (await source.call("CLUSTER", "GETKEYSINSLOT", slot, 100)) as string[];
        if (keys.length === 0) break;
        await source.call("MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", ...keys);
      }
      for (const node of [target, source]) await node.call("CLUSTER", "SETSLOT", slot, "NODE", target.id);
    },
    async stop() {
      for (const node of nodes) await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function firstAlive(nodes: ClusterNode[]): Promise<ClusterNode> {
  for (const node of nodes) {
    if ((await node.call("PING").catch(() => undefined)) === "PONG") return node;
  }
  throw new Error("No node of the cluster is there.");
}

async function busPort(node: ClusterNode): Promise<number> {
  return Number(/@(\d+)/.exec(String(await node.call("CLUSTER", "NODES")))?.[1]);
}
