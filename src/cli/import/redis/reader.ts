import { Cluster, Redis } from "ioredis";
import type { RedisAddress } from "./address.ts";
import { redisFailure } from "./failures.ts";

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 30_000;
const SCAN_COUNT = 1000;
/** A value up to this size comes in one answer, a larger one in pieces. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** A Redis, or a Redis cluster, that is only read. */
export interface RedisReader {
  /** All keys, by SCAN; one may come more than once. */
  keys(): AsyncGenerator<string[]>;
  /** Bytes of each value; 0 where there is none; undefined where it is no string. */
  sizes(keys: readonly string[]): Promise<(number | undefined)[]>;
  /** Whole values, fetched together. */
  values(keys: readonly string[]): Promise<(Buffer | undefined)[]>;
  /** One value of any size, in pieces. @throws ImportError where it changed meanwhile. */
  pieces(key: string): AsyncGenerator<Buffer>;
  close(): void;
}

type Client = Redis | Cluster;

/** Connects. @throws ImportError with a sentence: out of reach, wrong password, no Redis. */
export async function openRedis({ url, name }: RedisAddress): Promise<RedisReader> {
  const client = await connect(url, name);
  const ask = async <Answer>(asking: Promise<Answer>): Promise<Answer> => {
    try {
      return await asking;
    } catch (error) {
      throw redisFailure(name, error);
    }
  };
  return {
    async *keys() {
      for (const node of client instanceof Cluster ? client.nodes("master") : [client]) {
        let cursor = "0";
        do {
          const [next, keys] = await ask(node.scan(cursor, "COUNT", SCAN_COUNT));
          cursor = next;
          if (keys.length > 0) yield keys;
        } while (cursor !== "0");
      }
    },
    // Commands of one turn go out together, to each node of a cluster its own.
    sizes: (keys) =>
      ask(
        Promise.all(
          keys.map((key) =>
            client.strlen(key).catch((error: unknown) => {
              if (isWrongType(error)) return undefined;
              throw error;
            }),
          ),
        ),
      ),
    values: (keys) => ask(Promise.all(keys.map(async (key) => (await client.getBuffer(key)) ?? undefined))),
    async *pieces(key) {
      const size = await ask(client.strlen(key));
      if (size <= PIECE_BYTES) {
        const value = await ask(client.getBuffer(key));
        if (value !== null) yield value;
        return;
      }
      const start = await ask(client.getrangeBuffer(key, 0, 1023));
      for (let at = 0; at < size; at += PIECE_BYTES) {
        yield await ask(client.getrangeBuffer(key, at, at + PIECE_BYTES - 1));
      }
      const [sizeNow, startNow] = await ask(
        Promise.all([client.strlen(key), client.getrangeBuffer(key, 0, 1023)]),
      );
      if (sizeNow !== size || !startNow.equals(start)) {
        throw redisFailure(name, new Error(`${key} was changed while it was read.`));
      }
    },
    close: () => client.disconnect(),
  };
}

const isWrongType = (error: unknown) => error instanceof Error && error.message.startsWith("WRONGTYPE");

async function connect(url: string, name: string): Promise<Client> {
  const single = new Redis(url, { ...OPTIONS, lazyConnect: true });
  let refusal: Error | undefined;
  // A refused password or database and a lost connection are told here, and nowhere else.
  single.on("error", (error: Error) => {
    refusal ??= error;
  });
  try {
    await single.connect();
    await single.strlen("trades:list").catch((error: unknown) => {
      if (!isWrongType(error)) throw error;
    });
    // A refused SELECT stops no command: they would be answered out of database 0.
    if (refusal !== undefined) throw refusal;
    if (!(await hasOtherNodes(single))) return single;
    single.disconnect();
    return await connectCluster(url, name);
  } catch (error) {
    single.disconnect();
    if (refusal === undefined && error instanceof Error && error.message.startsWith("MOVED")) {
      return await connectCluster(url, name);
    }
    throw redisFailure(name, refusal ?? error);
  }
}

/** Whether others hold a part of the keys. A Redis that is no cluster, or a service that hides it, refuses the question. */
async function hasOtherNodes(client: Redis): Promise<boolean> {
  const slots = await client.cluster("SLOTS").catch(() => []);
  const masters = slots.map((range) => JSON.stringify((range as unknown[])[2]));
  return new Set(masters).size > 1;
}

async function connectCluster(url: string, name: string): Promise<Client> {
  const { hostname, port, username, password, protocol } = new URL(url);
  const cluster = new Cluster([{ host: hostname, port: Number(port || 6379) }], {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    maxRedirections: 5,
    retryDelayOnClusterDown: 200,
    redisOptions: {
      ...OPTIONS,
      // A command that is sent on to another node has to go by itself. All are on their way at once even so.
      enableAutoPipelining: false,
      ...(username !== "" && { username: decodeURIComponent(username) }),
      ...(password !== "" && { password: decodeURIComponent(password) }),
      ...(protocol === "rediss:" && { tls: {} }),
    },
  });
  cluster.on("error", () => {});
  try {
    await cluster.connect();
    await cluster.strlen("trades:list");
    return cluster;
  } catch (error) {
    if (isWrongType(error)) return cluster;
    cluster.disconnect();
    throw redisFailure(name, error);
  }
}

const OPTIONS = {
  enableReadyCheck: false,
  enableAutoPipelining: true,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
};
