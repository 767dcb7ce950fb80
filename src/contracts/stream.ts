import { sequence } from "./common.ts";
import { z } from "./zod.ts";

/** What a subscriber may ask for; the channels themselves are checked by the stream. */
export const subscribeRequest = z.strictObject({
  channels: z
    .array(z.string().max(400))
    .min(1, "must name at least one channel")
    .max(128, "must name at most 128 channels"),
  since: z.int().nonnegative().optional(),
  epoch: z.string().max(64).optional(),
});
export type SubscribeRequest = z.output<typeof subscribeRequest>;

export const unsubscribeRequest = z.strictObject({
  channels: z.array(z.string().max(400)).min(1).max(128),
});

/** The `auth` of a handshake: a subscription may ride in it, so that a reconnect resumes by itself. */
export const handshakeAuth = z.strictObject({
  token: z.string().max(1000).optional(),
  channels: subscribeRequest.shape.channels.optional(),
  since: subscribeRequest.shape.since,
  epoch: subscribeRequest.shape.epoch,
});

export const headEvent = z
  .object({
    seq: sequence.openapi({ description: "everything on the subscribed channels up to here has been sent" }),
    epoch: z.string().openapi({ description: "names the tape; a restored one has another" }),
  })
  .openapi("Head");

export const resetEvent = z
  .object({
    reason: z.enum(["too_old", "ahead", "epoch"]),
    oldest: sequence.openapi({ description: "the oldest entry that is kept" }),
    head: sequence.openapi({ description: "load by REST, then go on from here" }),
    epoch: headEvent.shape.epoch,
  })
  .openapi("Reset", { description: "the past that was asked for cannot be sent" });
export type ResetEvent = z.output<typeof resetEvent>;

export const refusal = z
  .object({ code: z.string(), error: z.string() })
  .openapi("Refusal", { description: "why a subscription, or the connection itself, was refused" });

export const subscribeAck = z
  .discriminatedUnion("ok", [
    z.object({
      ok: z.literal(true),
      channels: z.array(z.string()),
      head: sequence,
      epoch: headEvent.shape.epoch,
    }),
    refusal.extend({ ok: z.literal(false) }),
  ])
  .openapi("Ack");
export type Ack = z.output<typeof subscribeAck>;

export const shutdownEvent = z
  .object({ retry_ms: z.int().openapi({ description: "when to come back" }) })
  .openapi("Shutdown", { description: "a planned close follows" });
