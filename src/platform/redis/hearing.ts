import { randomUUID } from "node:crypto";
import type { RedisClient, RedisConnections } from "./connect.ts";

const BEAT_MS = 500;
/** Without a beat of its own for so long an instance counts as deaf. */
const DEAF_MS = 1_500;
/** A deaf subscriber is connected anew after this long, and after twice as long each further time. */
const RECONNECT_MS = 5_000;
const MAX_RECONNECT_MS = 60_000;

export interface Hearing {
  /** Whether what is published now is heard here: a subscription can be dead while its connection is well. */
  isHearing(): boolean;
  stop(): void;
}

/** Publishes a beat to itself, again and again. In a cluster `channel` has to be in the slot of what is listened for. */
export function listenToItself(redis: RedisConnections, channel: string): Hearing {
  const { publisher, subscriber, isCluster } = redis;
  const self = randomUUID();
  let heardAt = Number.NEGATIVE_INFINITY;
  let reconnectAt = performance.now() + RECONNECT_MS;
  let patience = RECONNECT_MS;
  subscriber.on(isCluster ? "smessageBuffer" : "messageBuffer", (from: Buffer, beat: Buffer) => {
    if (from.toString() !== channel || beat.toString() !== self) return;
    heardAt = performance.now();
    patience = RECONNECT_MS;
    reconnectAt = heardAt + patience;
  });
  const subscribe = isCluster ? subscriber.ssubscribe(channel) : subscriber.subscribe(channel);
  // It waits for Redis however long that takes; what fails is tried again by the connection itself.
  subscribe.catch(() => {});

  const timer = setInterval(() => {
    if (publisher.status !== "ready") return;
    const beat = isCluster ? publisher.spublish(channel, self) : publisher.publish(channel, self);
    beat.catch(() => {});
    if (performance.now() < reconnectAt) return;
    patience = Math.min(2 * patience, MAX_RECONNECT_MS);
    reconnectAt = performance.now() + patience;
    reconnect(subscriber);
  }, BEAT_MS).unref();

  return {
    isHearing: () => performance.now() - heardAt < DEAF_MS,
    stop: () => clearInterval(timer),
  };
}

/** It subscribes again to all that it was subscribed to. */
function reconnect(subscriber: RedisClient): void {
  if (subscriber.status === "ready") subscriber.disconnect(true);
}
