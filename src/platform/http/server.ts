import { once } from "node:events";
import { createServer, IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Express } from "express";

/** How long a planned stop waits for requests under way. */
const REQUEST_GRACE_MS = 4_000;

/** How long a client may take, in milliseconds; whoever is slower loses the connection, and is answered 408 where it asks. */
export interface ClientPace {
  /** For a request's head, from the connection's first moment or the answer before it. */
  headMs: number;
  /** For the whole request. */
  requestMs: number;
  /** For reading any of an answer that waits for it: what it does not read would be held until it leaves. */
  unreadMs: number;
  /** How often this is looked at. */
  checkEveryMs: number;
}

const PACE: ClientPace = { headMs: 10_000, requestMs: 60_000, unreadMs: 20_000, checkEveryMs: 2_000 };
const MAX_HEADERS = 100;

/** Every connection of a server, also those that are no longer HTTP: node forgets a socket once it is upgraded. */
const connectionsOf = new WeakMap<Server, Set<Socket>>();

/**
 * An HTTP server for an Express app whose requests and responses are born with the app's prototypes.
 * Express calls `setPrototypeOf` on both for every request, which slows all of node's http internals; where the
 * prototype is the right one already, that call changes nothing. Call it before the first request.
 */
export function createHttpServer(app: Express, given: Partial<ClientPace> = {}): Server {
  const pace = { ...PACE, ...given };
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {
    constructor(...given: ConstructorParameters<typeof ServerResponse>) {
      super(...given);
      this.on("error", outlive);
    }
  }
  // Express's methods come in between the class's own prototype and node's; then the app takes the class's for its own.
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  app.request = AppRequest.prototype as unknown as typeof app.request;
  app.response = AppResponse.prototype as unknown as typeof app.response;
  const server = createServer(
    {
      IncomingMessage: AppRequest,
      ServerResponse: AppResponse,
      requestTimeout: pace.requestMs,
      headersTimeout: pace.headMs,
      connectionsCheckingInterval: pace.checkEveryMs,
      keepAliveTimeout: 65_000,
    },
    app,
  );
  server.maxHeadersCount = MAX_HEADERS;
  server.timeout = pace.unreadMs;
  server.on("upgrade", (_request, socket: Duplex) => socket.on("error", outlive));
  rememberConnections(server);
  return server;
}

/**
 * For every response and every upgraded connection: it may break at any moment, and an `error` that nobody listens for
 * ends the process. Whoever writes to it learns of its end by `close`.
 */
function outlive(): void {}

function rememberConnections(server: Server): void {
  const connections = new Set<Socket>();
  connectionsOf.set(server, connections);
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
}

/** @throws Error with a sentence where the port is taken. */
export async function listen(http: Server, { host, port }: { host: string; port: number }): Promise<void> {
  http.listen({ host, port });
  try {
    await once(http, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new Error(
        `Port ${port} on ${host} is taken: stop what listens there, or choose another with PORT.`,
      );
    }
    throw error;
  }
}

/** Finds out at once whether `listen` would fail. @throws Error as it does. */
export async function checkPort(config: { host: string; port: number }): Promise<void> {
  const probe = createServer();
  await listen(probe, config);
  probe.close();
  await once(probe, "close");
}

/** From now on each answer is its connection's last, so that no balancer sends a request into one that is being closed. */
export function endConnectionsAfterAnswers(http: Server): void {
  http.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
}

/** Stops taking connections and waits for the requests under way, but not for those that never end. */
export async function closeHttp(http: Server): Promise<void> {
  const closed = once(http, "close");
  http.close();
  // A connection that was busy a moment ago is idle now, and would be kept alive for a minute.
  const idle = setInterval(() => http.closeIdleConnections(), 50);
  const rest = setTimeout(() => {
    for (const socket of connectionsOf.get(http) ?? []) socket.destroy();
  }, REQUEST_GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(rest);
}
