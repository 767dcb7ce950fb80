import type { Socket } from "socket.io";
import { type ServerOptions, WebSocketServer } from "ws";
import type { WatchedConnection } from "./slow-consumers.ts";

/** How long a client has to take part in a polite close. */
const CLOSE_GRACE_MS = 1_000;

type EngineConnection = Socket["conn"];

/** Waits until the engine has handed everything to the network. */
export function waitUntilDrained(socket: Socket): Promise<boolean> {
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
const writeBufferOf = (conn: EngineConnection) =>
  (conn as unknown as { writeBuffer: { data?: string | Buffer }[] }).writeBuffer;
const webSocketOf = (conn: EngineConnection) =>
  (conn.transport as unknown as { socket?: { bufferedAmount: number; terminate(): void } }).socket;

/** Lets a peer go that answers no close frame: it would be held for half a minute. */
export class SoonClosingServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super(Object.assign(options, { closeTimeout: CLOSE_GRACE_MS }));
  }
}

/** The same for a polling client that does not come for its close. */
export function closeInTime(conn: EngineConnection): void {
  Object.assign(conn.transport, { closeTimeout: CLOSE_GRACE_MS });
}

/** Closes once what waits has been sent; a client that does not read that within the grace is cut off. */
export function endConnection(conn: EngineConnection): void {
  const cut = setTimeout(() => conn.close(true), CLOSE_GRACE_MS);
  conn.once("close", () => clearTimeout(cut));
  conn.close();
}

/** A connection as the guard against slow readers sees it. */
export function watched(conn: EngineConnection): WatchedConnection {
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
