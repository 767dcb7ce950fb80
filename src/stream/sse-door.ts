import type { Request, Response } from "express";
import { queryNumber } from "../contracts/common.ts";
import { type SubscribeRequest, subscribeRequest } from "../contracts/stream.ts";
import { z } from "../contracts/zod.ts";
import { AppError, unavailable, validationError } from "../platform/errors.ts";
import { validQuery } from "../platform/http/query.ts";
import { parseChannel } from "./channels.ts";
import type { Outlet, StreamContext } from "./context.ts";
import type { Doorkeeper } from "./doorkeeper.ts";
import type { Frame } from "./frames.ts";
import type { SlowConsumerGuard, WatchedConnection } from "./slow-consumers.ts";
import { Subscription } from "./subscription.ts";

const RETRY_MS = 1000;

const streamQuery = z.strictObject({
  channels: z.string().min(1, "must name at least one channel").max(20_000),
  since: queryNumber(0, Number.MAX_SAFE_INTEGER, -1),
  epoch: subscribeRequest.shape.epoch,
});

export interface SseDoor {
  /** Answers `GET /api/stream`. @throws AppError 400, 401, 403 or 429 before the stream has begun. */
  open(request: Request, response: Response): Promise<void>;
  sendToRoom(room: string, frame: Frame): void;
  /** Sends a comment to whoever would otherwise hear nothing for long: proxies close silent connections. */
  keepAlive(): void;
  /** From now on whoever comes is sent elsewhere. */
  refuse(): void;
  /** Every open stream, for saying goodbye to it and ending it. */
  streams(): SseStream[];
}

/** One client's open stream. */
export interface SseStream {
  /** Takes it out of its rooms, says goodbye and ends it. */
  end(retryMs: number): void;
  /** Ends it whether the client has read what was sent or not. */
  cut(): void;
}

/** The server-sent-events door, from the same subscriptions as the Socket.IO one. */
export function openSseDoor(
  context: StreamContext,
  subscriptions: Set<Subscription>,
  guard: SlowConsumerGuard,
  doorkeeper: Doorkeeper,
): SseDoor {
  const rooms = new Map<string, Set<Response>>();
  const streams = new Map<Response, SseStream>();
  let isClosing = false;

  return {
    async open(request, response) {
      const wanted = readRequest(request);
      doorkeeper.checkOrigin(request);
      const guest = await doorkeeper.admit(request);
      await guest.mayUse("subscribe");
      // Whoever left meanwhile is not there to be counted.
      if (response.destroyed) return;
      if (isClosing) throw unavailable("This instance is stopping; connect again.");
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
      });
      // HEAD comes here too, and gets no stream.
      if (request.method === "HEAD") {
        response.end();
        return;
      }
      response.write(`retry: ${RETRY_MS}\n\n`);
      const connection = watched(response);
      const subscription = new Subscription(context, outletOf(response, rooms, connection));
      streams.set(response, {
        end(retryMs) {
          // First out of the rooms: who ends there still flushes them, and nothing may be written after the end.
          subscription.close();
          write(response, eventText("shutdown", JSON.stringify({ retry_ms: retryMs })));
          response.end();
        },
        cut: () => connection.cut(),
      });
      subscriptions.add(subscription);
      guard.watch(connection);
      const countOut = doorkeeper.countIn(request);
      const unwatch = guest.watch(() => connection.cut());
      response.on("close", () => {
        countOut();
        unwatch();
        streams.delete(response);
        subscriptions.delete(subscription);
        guard.forget(connection);
        subscription.close();
      });
      await subscription.subscribe(wanted, (ack) => {
        if (!ack.ok) response.destroy();
      });
    },
    sendToRoom(room, frame) {
      const members = rooms.get(room);
      if (members === undefined) return;
      const text = eventText(frame.event, frame.text, frame.lastSeq > 0 ? frame.lastSeq : undefined);
      for (const response of members) write(response, text);
    },
    keepAlive() {
      for (const response of streams.keys())
        if (response.writableLength === 0) write(response, ": alive\n\n");
    },
    refuse() {
      isClosing = true;
    },
    streams: () => [...streams.values()],
  };
}

function readRequest(request: Request): SubscribeRequest {
  const { channels, since, epoch } = validQuery(streamQuery, request);
  const names = channels.split(",").filter((name) => name !== "");
  const bad = (path: string, message: string) => validationError(`${path} ${message}.`, [{ path, message }]);
  if (names.length === 0 || names.length > 128) throw bad("channels", "must name 1-128 channels");
  const unknown = names.find((name) => parseChannel(name) === undefined);
  if (unknown !== undefined) {
    const message = `There is no channel ${JSON.stringify(unknown.slice(0, 100))}.`;
    throw new AppError(400, "validation_error", message, [{ path: "channels", message }]);
  }
  // What the browser sends by itself after a cut is newer than what the page asked for at first.
  const lastEventId = request.headers["last-event-id"];
  if (lastEventId !== undefined && lastEventId !== "") {
    if (!/^\d{1,15}$/.test(String(lastEventId))) throw bad("Last-Event-ID", "must be a seq");
    return { channels: names, since: Number(lastEventId), epoch };
  }
  return { channels: names, since: since < 0 ? undefined : since, epoch };
}

/** The one way onto a stream: a response that has ended or broken takes nothing more. */
function write(response: Response, text: string): void {
  if (!response.writableEnded && !response.destroyed) response.write(text);
}

function eventText(event: string, text: string, id?: number): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${text}\n\n`;
}

function outletOf(
  response: Response,
  rooms: Map<string, Set<Response>>,
  connection: WatchedConnection,
): Outlet {
  return {
    send(event, text, seq) {
      write(response, eventText(event, text, seq));
    },
    join(room) {
      const members = rooms.get(room) ?? new Set();
      rooms.set(room, members.add(response));
    },
    leave(room) {
      const members = rooms.get(room);
      members?.delete(response);
      if (members?.size === 0) rooms.delete(room);
    },
    close: () => connection.cut(),
    backlog: () => connection.backlog(),
    drained() {
      if (response.destroyed || response.writableEnded) return Promise.resolve(false);
      if (!response.writableNeedDrain) return Promise.resolve(true);
      return new Promise((resolve) => {
        const onDrain = () => {
          response.off("close", onClose);
          resolve(true);
        };
        const onClose = () => {
          response.off("drain", onDrain);
          resolve(false);
        };
        response.once("drain", onDrain);
        response.once("close", onClose);
      });
    },
  };
}

function watched(response: Response): WatchedConnection {
  return {
    backlog: () => ({ bytes: response.writableLength, packets: 0 }),
    cut: () => void response.destroy(),
  };
}
