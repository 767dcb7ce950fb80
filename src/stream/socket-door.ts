import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "socket.io";
import { SOCKET_ACCESS } from "../contracts/access.ts";
import { type Ack, handshakeAuth, subscribeRequest, unsubscribeRequest } from "../contracts/stream.ts";
import type { z } from "../contracts/zod.ts";
import { AppError, unavailable, validationError } from "../platform/errors.ts";
import { translate } from "../platform/http/app.ts";
import type { Logger } from "../platform/logger.ts";
import { isDatabaseUnavailable } from "../platform/postgres/errors.ts";
import { parseChannel } from "./channels.ts";
import type { Outlet, StreamContext } from "./context.ts";
import type { Doorkeeper, Guest } from "./doorkeeper.ts";
import {
  closeInTime,
  endConnection,
  SoonClosingServer,
  waitUntilDrained,
  watched,
} from "./engine-connection.ts";
import type { ClientEvents, InstanceEvents, ServerEvents } from "./events.ts";
import type { Frame } from "./frames.ts";
import { RawJson, rawJsonParser } from "./raw-json.ts";
import type { SlowConsumerGuard, WatchedConnection } from "./slow-consumers.ts";
import { Subscription } from "./subscription.ts";

const MESSAGE_BYTES = 64 * 1024;
const CONNECT_TIMEOUT_MS = 5_000;
const PING_EVERY_MS = 5_000;
const KNOWN_EVENTS = new Set(Object.keys(SOCKET_ACCESS).filter((event) => event !== "connect"));

export type StreamServer = Server<ClientEvents, ServerEvents, InstanceEvents, { guest?: Guest }>;
type StreamSocket = Socket<ClientEvents, ServerEvents, InstanceEvents, { guest?: Guest }>;

export interface SocketDoor {
  io: StreamServer;
  /** From now on whoever comes is sent elsewhere. */
  refuse(): void;
  sendToRoom(room: string, frame: Frame): void;
}

export interface SocketDoorOptions {
  context: StreamContext;
  subscriptions: Set<Subscription>;
  guard: SlowConsumerGuard;
  doorkeeper: Doorkeeper;
  logger: Logger;
}

/** Opens the Socket.IO door on an HTTP server: default path and namespace, websocket and polling. */
export function openSocketDoor(http: HttpServer, options: SocketDoorOptions): SocketDoor {
  const { context, subscriptions, guard, doorkeeper, logger } = options;
  let isClosing = false;
  const io: StreamServer = new Server(http, {
    parser: rawJsonParser,
    maxHttpBufferSize: MESSAGE_BYTES,
    wsEngine: SoonClosingServer,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Clients of live values get no heads: by these they know that the service is there.
    pingInterval: PING_EVERY_MS,
    // The pages bundle their own client; the stock one is served for everyone else.
    serveClient: true,
    allowRequest: (request, answer) => {
      try {
        doorkeeper.checkOrigin(request);
        if (isClosing) throw unavailable("This instance is stopping; connect again.");
        answer(undefined, true);
      } catch (refusal) {
        answer(refusal instanceof AppError ? refusal.message : "refused", false);
      }
    },
  });
  // From the first request on: whoever never gets further than the handshake holds a connection as well.
  io.engine.on("connection", (connection: StreamSocket["conn"]) => {
    connection.once("close", doorkeeper.countIn(connection.request));
    closeInTime(connection);
  });

  io.use((socket, next) => {
    admit(socket).then(
      (guest) => {
        socket.data.guest = guest;
        next();
      },
      (thrown: unknown) => {
        // A client that is refused stays away; one whose connection broke comes back by itself.
        if (isDatabaseUnavailable(thrown)) endConnection(socket.conn);
        next(refusalOf(thrown, logger));
      },
    );
  });

  async function admit(socket: StreamSocket): Promise<Guest> {
    const parsed = handshakeAuth.safeParse(socket.handshake.auth);
    if (!parsed.success) {
      throw validationError(`The handshake's auth is not valid: ${firstIssue(parsed.error)}.`);
    }
    const { token, channels } = parsed.data;
    const unknown = channels?.find((name) => parseChannel(name) === undefined);
    if (unknown !== undefined) {
      const sentence = `There is no channel ${JSON.stringify(unknown.slice(0, 100))}.`;
      throw new AppError(400, "unknown_channel", sentence);
    }
    const guest = await doorkeeper.admit(socket.request, token);
    if (channels !== undefined) await guest.mayUse("subscribe");
    return guest;
  }

  io.on("connection", (socket) => {
    const connection = watched(socket.conn);
    const guest = socket.data.guest as Guest;
    const unwatch = guest.watch(() => connection.cut());
    const subscription = new Subscription(context, outletOf(socket, connection));
    subscriptions.add(subscription);
    guard.watch(connection);
    socket.on("disconnect", () => {
      subscriptions.delete(subscription);
      guard.forget(connection);
      unwatch();
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
      guarded(subscribeRequest, async (request, ack) => {
        await guest.mayUse("subscribe");
        await subscription.subscribe(request, ack);
      }),
    );
    socket.on(
      "unsubscribe",
      guarded(unsubscribeRequest, async (request, ack) => {
        await guest.mayUse("unsubscribe");
        await subscription.unsubscribe(request.channels, ack);
      }),
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
      handle(parsed.data, ack).catch((thrown: unknown) => ack(refusalOf(thrown, logger).data));
    };
  }

  return {
    io,
    refuse() {
      isClosing = true;
    },
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
    drained: () => waitUntilDrained(socket),
  };
}

function ackOf(args: unknown[]): (answer: Ack) => void {
  const last = args.at(-1);
  return typeof last === "function" ? (answer) => last(answer) : () => {};
}

/** What a client is told of what was thrown; only what was meant for it leaves the server. */
function refusalOf(thrown: unknown, logger: Logger): Error & { data: Ack } {
  const error = translate(thrown);
  if (error.status >= 500) logger.error({ err: thrown }, "a socket's request failed");
  const data: Ack = { ok: false, code: error.code, error: error.message };
  return Object.assign(new Error(error.message), { data });
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.join(".") ?? "";
  return `${where === "" ? "it" : where} ${issue?.message ?? "is wrong"}`;
}
