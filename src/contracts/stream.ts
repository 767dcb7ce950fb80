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

export type Ack =
  | { ok: true; channels: string[]; head: number; epoch: string }
  | { ok: false; code: string; error: string };

export interface HeadEvent {
  seq: number;
  epoch: string;
}

export interface ResetEvent {
  reason: "too_old" | "ahead" | "epoch";
  oldest: number;
  head: number;
  epoch: string;
}
