import { createServer, IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Express } from "express";

/**
 * An HTTP server for an Express app whose requests and responses are born with the app's prototypes.
 * Express calls `setPrototypeOf` on both for every request, which slows all of node's http internals; where the
 * prototype is the right one already, that call changes nothing.
 */
export function createHttpServer(app: Express): Server {
  return createServer(
    {
      IncomingMessage: bornWith(IncomingMessage, app.request),
      ServerResponse: bornWith(ServerResponse, app.response) as typeof ServerResponse,
      requestTimeout: 60_000,
      headersTimeout: 20_000,
      keepAliveTimeout: 65_000,
    },
    app,
  );
}

function bornWith<Base extends abstract new (...args: never[]) => object>(
  base: Base,
  prototype: object,
): Base {
  function Born(...args: unknown[]) {
    return Reflect.construct(base as unknown as NewableFunction, args, Born);
  }
  Born.prototype = prototype;
  return Born as unknown as Base;
}
