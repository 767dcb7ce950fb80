import { createServer, IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Express } from "express";

/**
 * An HTTP server for an Express app whose requests and responses are born with the app's prototypes.
 * Express calls `setPrototypeOf` on both for every request, which slows all of node's http internals; where the
 * prototype is the right one already, that call changes nothing. Call it before the first request.
 */
export function createHttpServer(app: Express): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  // Express's methods come in between the class's own prototype and node's; then the app takes the class's for its own.
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  app.request = AppRequest.prototype as unknown as typeof app.request;
  app.response = AppResponse.prototype as unknown as typeof app.response;
  return createServer(
    {
      IncomingMessage: AppRequest,
      ServerResponse: AppResponse,
      requestTimeout: 60_000,
      headersTimeout: 20_000,
      keepAliveTimeout: 65_000,
    },
    app,
  );
}
