import type { IncomingMessage } from "node:http";
import { fileURLToPath } from "node:url";
import express, { type Express } from "express";
import helmet from "helmet";

const FILES = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const PAGES = ["live", "portfolio"];
const HOST = /^[\w.:[\]-]+$/;

/** The pages for spectators, and the files they load. */
export function pageRoutes(app: Express): void {
  const headers = helmet({
    // Everything comes from this host and goes to this host; nothing in a page itself is run.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: [
          "'self'",
          (request) => socketSource(request, "ws"),
          (request) => socketSource(request, "wss"),
        ],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
  app.get("/", headers, (_request, response) => response.redirect("/live"));
  for (const page of PAGES) {
    app.get(`/${page}`, headers, (_request, response, next) => {
      response.sendFile(`${page}.html`, { root: FILES }, (error) => error && next(error));
    });
  }
  app.use("/assets", headers, express.static(FILES, { index: false, maxAge: 0 }));
}

/** Not every browser counts this host's WebSocket as 'self'. */
function socketSource({ headers }: IncomingMessage, scheme: string): string {
  const { host = "" } = headers;
  return HOST.test(host) ? `${scheme}://${host}` : "'self'";
}
