import { createHmac, timingSafeEqual } from "node:crypto";
import type { RedisConnections } from "./connect.ts";
import { wrapListening, wrapPublishing } from "./wrap-messages.ts";

const SEAL_BYTES = 16;
/** A restored database may have brought another secret: after a message that was refused it is read anew, this often. */
const REREAD_MS = 2_000;

/** What a playground's instances know each other's messages by. Its secret is in PostgreSQL and never in Redis. */
export interface Seal {
  /** @returns the message with its seal before it. */
  put(channel: string, message: Buffer): Buffer;
  /** @returns the message; undefined where the seal is not this playground's, or another channel's. */
  take(channel: string, sealed: Buffer): Buffer | undefined;
  /** How many messages were refused. */
  readonly refused: number;
}

/**
 * Whoever reaches Redis can publish; whoever has the secret can seal. The seal is an HMAC (RFC 2104, SHA-256, cut to 128
 * bits) over channel and message, so a message is good on its own channel only. One that is sent again is what it was:
 * those who take it tell by its numbers and times that it is old.
 */
export async function openSeal(readSecret: () => Promise<string>): Promise<Seal> {
  let secret = await readSecret();
  let refused = 0;
  let rereadAt = 0;
  const sealOf = (channel: string, message: Buffer) =>
    createHmac("sha256", secret)
      .update(`${channel.length}:${channel}`)
      .update(message)
      .digest()
      .subarray(0, SEAL_BYTES);

  function refuse(): undefined {
    refused++;
    const now = performance.now();
    if (now < rereadAt) return;
    rereadAt = now + REREAD_MS;
    readSecret().then(
      (read) => {
        secret = read;
      },
      () => {},
    );
  }

  return {
    put: (channel, message) => Buffer.concat([sealOf(channel, message), message]),
    take(channel, sealed) {
      if (sealed.length < SEAL_BYTES) return refuse();
      const message = sealed.subarray(SEAL_BYTES);
      const isGood = timingSafeEqual(sealed.subarray(0, SEAL_BYTES), sealOf(channel, message));
      return isGood ? message : refuse();
    },
    get refused() {
      return refused;
    },
  };
}

/** Has everything that is published sealed, and nothing heard that is not; before anyone publishes or listens. */
export function sealMessages({ publisher, subscriber }: RedisConnections, seal: Seal): void {
  wrapPublishing(
    publisher,
    (send) => (channel, message) => send(channel, seal.put(channel, Buffer.from(message as string))),
  );
  // Several listen to the same message: it is opened once.
  let last: { sealed: Buffer; message: Buffer | undefined } | undefined;
  const take = (channel: string, sealed: Buffer) => {
    if (last?.sealed !== sealed) last = { sealed, message: seal.take(channel, sealed) };
    return last.message;
  };
  wrapListening(subscriber, (listener, before) => (...args) => {
    const message = take(String(args[before]), args[before + 1] as Buffer);
    if (message !== undefined) return listener(...args.slice(0, before + 1), message);
  });
}
