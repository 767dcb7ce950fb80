import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import helmet from "helmet";

const HOST = /^[\w.:[\]-]+$/;

/** What a page needs beyond its own files. */
export interface PageNeeds {
  /** Style elements and attributes in the page itself. */
  inlineStyles?: boolean;
  /** Images written into the page as `data:`. */
  dataImages?: boolean;
}

/**
 * The headers of what a browser shows: everything comes from this host and goes to this host, nothing in a page itself
 * is run, and no other page may frame it. TLS ends before us, so who ends it says how long it has to be used.
 */
export function pageHeaders({ inlineStyles = false, dataImages = false }: PageNeeds = {}): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: inlineStyles ? ["'self'", "'unsafe-inline'"] : ["'self'"],
        connectSrc: [
          "'self'",
          (request) => socketSource(request, "ws"),
          (request) => socketSource(request, "wss"),
        ],
        ...(dataImages && { imgSrc: ["'self'", "data:"] }),
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
}

/** Not every browser counts this host's WebSocket as 'self'. */
function socketSource({ headers }: IncomingMessage, scheme: string): string {
  const { host = "" } = headers;
  return HOST.test(host) ? `${scheme}://${host}` : "'self'";
}
