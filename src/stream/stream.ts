import type { Server as HttpServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Request, Response } from "express";
import type { TapeEntry } from "../contracts/tape.ts";
import type { Logger } from "../platform/logger.ts";
import type { RedisConnections } from "../platform/redis/connect.ts";
import type { Seal } from "../platform/redis/seal-messages.ts";
import type { Head } from "../tape/index.ts";
import { decodeBatch, encodeBatch, joinInstances } from "./announcements.ts";
import type { StreamContext } from "./context.ts";
import type { Doorkeeper } from "./doorkeeper.ts";
import { endConnection } from "./engine-connection.ts";
import { SlowConsumerGuard } from "./slow-consumers.ts";
import { openSocketDoor } from "./socket-door.ts";
import { openSseDoor } from "./sse-door.ts";
import type { Subscription } from "./subscription.ts";

const HEAD_EVERY_MS = 5_000;
const CLOSE_BATCH = 100;
const CLOSE_PAUSE_MS = 20;
/** How long clients have to read what was sent before the close. */
const CLOSE_GRACE_MS = 1_000;

export interface StreamOptions extends StreamContext {
  http: HttpServer;
  /** By which its instances find each other in Redis. */
  playground: string;
  redis?: RedisConnections | undefined;
  /** What its instances know each other's messages by. */
  seal: Seal;
  logger: Logger;
  doorkeeper: Doorkeeper;
  /** Newest prices that another instance has seen, as it sent them. */
  onPrices: (text: string) => void;
}

export interface Stream {
  /** Whether announcements of other instances arrive here now. */
  isHearing(): boolean;
  /** Tells the other instances of a committed batch. */
  announceBatch(entries: readonly TapeEntry[], epoch: string): void;
  announcePrices(text: string): void;
  /** The tape is another one: every durable subscriber is told. */
  resetAll(head: Head): void;
  serveSse(request: Request, response: Response): Promise<void>;
  /** How many clients are connected here, over both doors. */
  clients(): number;
  /** How many clients were cut off for reading too slowly. */
  cutOff(): number;
  /** Says goodbye and closes connections in batches, so that not all come back in the same moment. */
  close(retryMs: number): Promise<void>;
}

/** Opens both doors over one subscription layer. */
export function openStream(options: StreamOptions): Stream {
  const { hub, live, follower, http, redis, logger } = options;
  const subscriptions = new Set<Subscription>();
  let cutOff = 0;
  const guard = new SlowConsumerGuard(() => {
    cutOff++;
  });
  const { doorkeeper } = options;
  const sockets = openSocketDoor(http, { context: options, subscriptions, guard, doorkeeper, logger });
  const sse = openSseDoor(options, subscriptions, guard, doorkeeper);
  for (const door of [sockets, sse]) {
    hub.addDoor(door);
    live.addDoor(door);
  }
  const { io } = sockets;
  const hearing =
    redis === undefined
      ? undefined
      : joinInstances(io, redis, `tp:${options.playground}`, options.seal, logger);
  io.on("tape", (text: unknown) => {
    const batch = decodeBatch(text);
    if (batch !== undefined) follower.offer(batch.entries, batch.epoch);
  });
  io.on("prices", (text: unknown) => options.onPrices(String(text)));
  const headTimer = setInterval(() => {
    hub.announceHead(() => ({ seq: follower.cursor, epoch: follower.epoch }));
    sse.keepAlive();
  }, HEAD_EVERY_MS).unref();

  return {
    isHearing: () => hearing?.isHearing() ?? false,
    announceBatch(entries, epoch) {
      if (redis?.publisher.status === "ready") io.serverSideEmit("tape", encodeBatch(entries, epoch));
    },
    announcePrices(text) {
      if (redis?.publisher.status === "ready") io.serverSideEmit("prices", text);
    },
    resetAll(head) {
      hub.discardPending();
      for (const subscription of subscriptions) subscription.reset(head);
    },
    serveSse: (request, response) => sse.open(request, response),
    clients: () => subscriptions.size,
    cutOff: () => cutOff,
    async close(retryMs) {
      clearInterval(headTimer);
      hearing?.stop();
      guard.stop();
      live.stop();
      hub.stopHeads();
      sockets.refuse();
      sse.refuse();
      io.local.emit("shutdown", { retry_ms: retryMs });
      const connections = [...io.of("/").sockets.values()].map(({ conn }) => conn);
      const goodbyes = [
        ...sse.streams().map((stream) => () => stream.end(retryMs)),
        ...connections.map((connection) => () => endConnection(connection)),
      ];
      for (let start = 0; start < goodbyes.length; start += CLOSE_BATCH) {
        for (const sayGoodbye of goodbyes.slice(start, start + CLOSE_BATCH)) sayGoodbye();
        await sleep(CLOSE_PAUSE_MS);
      }
      const deadline = Date.now() + CLOSE_GRACE_MS;
      while (subscriptions.size > 0 && Date.now() < deadline) await sleep(CLOSE_PAUSE_MS);
      // Whoever has not read it by now does not read.
      for (const stream of sse.streams()) stream.cut();
      // Only the engine: the HTTP server still finishes its requests, and Redis may be away.
      io.engine.close();
    },
  };
}
