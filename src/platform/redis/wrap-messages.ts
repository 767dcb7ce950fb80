import type { RedisClient } from "./connect.ts";

export type Send = (channel: string, message: string | Buffer) => Promise<number>;
export type Listener = (...args: unknown[]) => unknown;

/** Puts something around whatever is published from now on, in a cluster too. */
export function wrapPublishing(publisher: RedisClient, wrap: (send: Send) => Send): void {
  for (const command of ["publish", "spublish"] as const) {
    Object.assign(publisher, { [command]: wrap(publisher[command].bind(publisher) as Send) });
  }
}

/**
 * Puts something around whoever begins to listen for messages from now on.
 * @param wrap takes the listener and how many arguments stand before the channel and the message: of a pattern, it does.
 */
export function wrapListening(
  subscriber: RedisClient,
  wrap: (listener: Listener, before: number) => Listener,
): void {
  const original = subscriber.on.bind(subscriber) as (event: string, listener: Listener) => RedisClient;
  const on = (event: string, listener: Listener) =>
    original(
      event,
      event.endsWith("essageBuffer") ? wrap(listener, event.startsWith("p") ? 1 : 0) : listener,
    );
  Object.assign(subscriber, { on });
}
