import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "socket.io";
import { type Ack, handshakeAuth, subscribeRequest, unsubscribeRequest } from "../contracts/stream.ts";
import type { z } from "../contracts/zod.ts";
import type { Logger } from "../platform/logger.ts";
import { parseChannel } from "./channels.ts";
import type { ClientEvents, InstanceEvents, ServerEvents } from "./events.ts";
import type { Frame } from "./frames.ts";
import { RawJson, rawJsonParser } from "./raw-json.ts";
import type { SlowConsumerGuard, WatchedConnection } from "./slow-consumers.ts";
import { type Outlet, type StreamContext, Subscription } from "./subscription.ts";

const MESSAGE_BYTES = 64 * 1024;
const CONNECT_TIMEOUT_MS = 5_000;
const KNOWN_EVENTS = new Set(["subscribe", "unsubscribe"]);

export type StreamServer = Server<
  ClientEvents,
  ServerEvents,
  InstanceEvents,
  { subscription?: Subscription }
>;
type StreamSocket = Socket<ClientEvents, ServerEvents, InstanceEvents, { subscription?: Subscription }>;

export interface SocketDoor {
  io: StreamServer;
  sendToRoom(room: string, frame: Frame): void;
}

/** Opens the Socket.IO door on an HTTP server: default path and namespace, websocket and polling. */
export function openSocketDoor(
  http: HttpServer,
  context: StreamContext,
  subscriptions: Set<Subscription>,
  guard: SlowConsumerGuard,
  logger: Logger,
): SocketDoor {
  const io: StreamServer = new Server(http, {
    parser: rawJsonParser,
    maxHttpBufferSize: MESSAGE_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // The pages bundle their own client; the stock one is served for everyone else.
    serveClient: true,
  });

  io.use((socket, next) => {
    const { auth } = socket.handshake;
    const parsed = handshakeAuth.safeParse(auth);
    if (!parsed.success) {
      next(refuse("validation_error", `The handshake's auth is not valid: ${firstIssue(parsed.error)}.`));
      return;
    }
    const unknown = parsed.data.channels?.find((name) => parseChannel(name) === undefined);
    if (unknown === undefined) next();
    else next(refuse("unknown_channel", `There is no channel ${JSON.stringify(unknown.slice(0, 100))}.`));
  });

  io.on("connection", (socket) => {
    const connection = watched(socket);
    const subscription = new Subscription(context, outletOf(socket, connection));
    subscriptions.add(subscription);
    guard.watch(connection);
    socket.on("disconnect", () => {
      subscriptions.delete(subscription);
      guard.forget(connection);
      subscription.close();
    });
    socket.on("error", (error) => logger.debug({ err: error }, "a socket failed"));
    // An event that nobody knows is refused where it can be, and otherwise dropped.
    socket.use((packet, next) => {
      if (KNOWN_EVENTS.has(String(packet[0]))) next();
      else ackOf(packet)({ ok: false, code: "unknown_event", error: "There is no such event." });
    });

    socket.on(
      "subscribe",
      guarded(subscribeRequest, (request, ack) => subscription.subscribe(request, ack)),
    );
    socket.on(
      "unsubscribe",
      guarded(unsubscribeRequest, (request, ack) => subscription.unsubscribe(request.channels, ack)),
    );

    const { channels, since, epoch } = handshakeAuth.parse(socket.handshake.auth);
    if (channels !== undefined) void subscription.subscribe({ channels, since, epoch }, () => {});
  });

  /** Checks the payload before it is used and keeps whatever goes wrong from reaching the process. */
  function guarded<Schema extends z.ZodType>(
    schema: Schema,
    handle: (request: z.output<Schema>, ack: (answer: Ack) => void) => Promise<void>,
  ) {
    return (...args: unknown[]): void => {
      const ack = ackOf(args);
      const parsed = schema.safeParse(args[0]);
      if (!parsed.success) {
        ack({
          ok: false,
          code: "validation_error",
          error: `The request is not valid: ${firstIssue(parsed.error)}.`,
        });
        return;
      }
      handle(parsed.data, ack).catch((error: unknown) => {
        logger.error({ err: error }, "a socket's request failed");
        ack({ ok: false, code: "internal_error", error: "Something went wrong on the server." });
      });
    };
  }

  return {
    io,
    sendToRoom(room, frame) {
      // Every instance sends to its own clients only: the batch itself has travelled already.
      io.local.to(room).emit(frame.event as keyof ServerEvents & "trades", new RawJson(frame.text));
    },
  };
}

function outletOf(socket: StreamSocket, connection: WatchedConnection): Outlet {
  return {
    send(event, text) {
      socket.emit(event as "trades", new RawJson(text));
    },
    join: (room) => void socket.join(room),
    leave: (room) => void socket.leave(room),
    close: () => connection.cut(),
    backlog: () => connection.backlog(),
    drained: () => drained(socket),
  };
}

/** Waits until the engine has handed everything to the network. */
function drained(socket: StreamSocket): Promise<boolean> {
  const { conn } = socket;
  return new Promise((resolve) => {
    const isIdle = () => conn.transport.writable && writeBufferOf(conn).length === 0;
    if (!socket.connected) return resolve(false);
    // Let what was just sent reach the transport first; an idle engine emits no more "drain".
    const look = () => {
      if (!socket.connected) done(false);
      else if (isIdle()) done(true);
    };
    const done = (isThere: boolean) => {
      conn.off("drain", look);
      conn.off("close", look);
      socket.off("disconnect", look);
      clearInterval(timer);
      resolve(isThere);
    };
    const timer = setInterval(look, 250);
    conn.on("drain", look);
    conn.on("close", look);
    socket.on("disconnect", look);
    setImmediate(look);
  });
}

// Engine.IO keeps both to itself in its types.
type EngineConnection = StreamSocket["conn"];
const writeBufferOf = (conn: EngineConnection) =>
  (conn as unknown as { writeBuffer: { data?: string | Buffer }[] }).writeBuffer;
const webSocketOf = (conn: EngineConnection) =>
  (conn.transport as unknown as { socket?: { bufferedAmount: number; terminate(): void } }).socket;

function watched(socket: StreamSocket): WatchedConnection {
  const { conn } = socket;
  return {
    backlog() {
      const waiting = writeBufferOf(conn);
      let bytes = webSocketOf(conn)?.bufferedAmount ?? 0;
      for (const packet of waiting) bytes += packet.data?.length ?? 0;
      return { bytes, packets: waiting.length };
    },
    cut() {
      const webSocket = webSocketOf(conn);
      // The engine's connection and not the socket: a client that was disconnected by the server would not come back.
      conn.close(true);
      // A WebSocket's closing handshake would wait behind the very data that the client does not read.
      webSocket?.terminate();
    },
  };
}

function ackOf(args: unknown[]): (answer: Ack) => void {
  const last = args.at(-1);
  return typeof last === "function" ? (answer) => last(answer) : () => {};
}

function refuse(code: string, error: string): Error {
  return Object.assign(new Error(error), { data: { ok: false, code, error } });
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.join(".") ?? "";
  return `${where === "" ? "it" : where} ${issue?.message ?? "is wrong"}`;
}
