import { createAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { TAPE_KINDS, type TapeEntry } from "../contracts/tape.ts";
import { z } from "../contracts/zod.ts";
import type { Logger } from "../platform/logger.ts";
import type { RedisClient, RedisConnections } from "../platform/redis/connect.ts";
import { type Hearing, listenToItself } from "../platform/redis/hearing.ts";
import { type Seal, sealMessages } from "../platform/redis/seal-messages.ts";
import { wrapListening, wrapPublishing } from "../platform/redis/wrap-messages.ts";
import type { StreamServer } from "./socket-door.ts";

const PAUSE_MS = 500;

const announcedBatch = z.object({
  epoch: z.string(),
  kind: z.enum(TAPE_KINDS),
  at: z.string(),
  first: z.int().positive(),
  models: z.array(z.string().nullable()),
  symbols: z.array(z.string().nullable()),
  bodies: z.array(z.string()),
});

/** A committed batch as it travels between instances. */
export function encodeBatch(entries: readonly TapeEntry[], epoch: string): string {
  const { kind, at, seq } = entries[0] as TapeEntry;
  return JSON.stringify({
    epoch,
    kind,
    at,
    first: seq,
    models: entries.map((entry) => entry.model),
    symbols: entries.map((entry) => entry.symbol),
    bodies: entries.map((entry) => entry.body),
  });
}

/** @returns undefined for anything that is no batch of a tape, as another version of this service may send it. */
export function decodeBatch(text: unknown): { entries: TapeEntry[]; epoch: string } | undefined {
  try {
    const batch = announcedBatch.parse(JSON.parse(String(text)));
    const entries = batch.bodies.map((body, index) => ({
      seq: batch.first + index,
      kind: batch.kind,
      at: batch.at,
      model: batch.models[index] ?? null,
      symbol: batch.symbols[index] ?? null,
      body,
    }));
    return { entries, epoch: batch.epoch };
  } catch {
    return undefined;
  }
}

/**
 * Puts the Redis adapter under the server, with what it lacks: a failed publish is swallowed (the follower finds the
 * batch in PostgreSQL), only what an instance of this playground has sealed is taken, and what fails while a message is
 * taken does not reach the process.
 * @returns whether the other instances can be heard.
 */
export function joinInstances(
  io: StreamServer,
  redis: RedisConnections,
  key: string,
  seal: Seal,
  logger: Logger,
): Hearing {
  sealMessages(redis, seal);
  swallowPublishErrors(redis.publisher);
  guardListeners(redis.subscriber, logger);
  const { publisher, subscriber } = redis;
  // In braces, so that all of it is in one slot. Nothing is sent to rooms of other instances, so these need no channels.
  const prefix = redis.isCluster ? `{${key}}` : key;
  io.adapter(
    redis.isCluster
      ? createShardedAdapter(publisher, subscriber, { channelPrefix: prefix, subscriptionMode: "static" })
      : createAdapter(publisher, subscriber, { key: prefix }),
  );
  return listenToItself(redis, `${prefix}-beat`);
}

function swallowPublishErrors(publisher: RedisClient): void {
  let pausedUntil = 0;
  wrapPublishing(publisher, (send) => async (channel, message) => {
    // After a time-out each further one would hold its batch in memory; the head check delivers meanwhile.
    if (Date.now() < pausedUntil) return 0;
    try {
      return await send(channel, message);
    } catch {
      pausedUntil = Date.now() + PAUSE_MS;
      return 0;
    }
  });
}

function guardListeners(subscriber: RedisClient, logger: Logger): void {
  const complain = (error: unknown) =>
    logger.warn({ err: error }, "a message between instances was not understood");
  wrapListening(subscriber, (listener) => (...args) => {
    try {
      const result = listener(...args);
      if (result instanceof Promise) result.catch(complain);
    } catch (error) {
      complain(error);
    }
  });
}
