import { priceOut } from "../market.ts";
import { headEvent, refusal, resetEvent, shutdownEvent, subscribeAck } from "../stream.ts";
import { tapePage, tapeQuery } from "../tape.ts";
import { z } from "../zod.ts";
import type { Operation } from "./operation.ts";

/** What only the stream sends: no operation refers to these, and clients need their types all the same. */
export const STREAM_SCHEMAS = {
  Price: priceOut,
  Head: headEvent,
  Reset: resetEvent,
  Refusal: refusal,
  Ack: subscribeAck,
  Shutdown: shutdownEvent,
};

export const STREAM_OPERATIONS: Operation[] = [
  {
    method: "get",
    path: "/api/tape",
    summary: "The log itself, paged",
    tag: "stream",
    query: tapeQuery,
    answers: { 200: { description: "entries after since", schema: tapePage } },
    errors: [400, 503],
  },
  {
    method: "get",
    path: "/api/stream",
    summary: "Server-sent events; resumes with Last-Event-ID",
    tag: "stream",
    query: z.object({
      channels: z.string(),
      since: z.int().nonnegative().optional(),
      epoch: z.string().optional(),
    }),
    headers: z.object({ "last-event-id": z.string().optional() }),
    answers: { 200: { description: "an endless stream of events", content: "text/event-stream" } },
    errors: [400],
  },
];
