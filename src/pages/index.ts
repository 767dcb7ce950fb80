import type { IncomingMessage } from "node:http";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Express, type RequestHandler } from "express";
import helmet from "helmet";
import { compressedFiles } from "./compressed-files.ts";

const FILES = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const PAGES = ["live", "leaderboard", "portfolio", "market", "news"];
const HOST = /^[\w.:[\]-]+$/;
/** Such a name changes with its content. */
const NEVER_CHANGES = /-[A-Z0-9]{8}\.js(\.gz)?$/;

/** The pages for spectators, and the files they load. */
export function pageRoutes(app: Express): void {
  const headers = helmet({
    // Everything comes from this host and goes to this host; nothing in a page itself is run or styles it.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
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
  const compressed = compressedFiles(FILES);
  const files = express.static(FILES, {
    index: false,
    redirect: false,
    setHeaders(response, path) {
      const isFixed = NEVER_CHANGES.test(basename(path));
      response.set("cache-control", isFixed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  app.get("/", headers, (_request, response) => response.redirect("/live"));
  for (const page of PAGES) {
    const asFile: RequestHandler = (request, _response, next) => {
      request.url = `/${page}.html`;
      next();
    };
    app.get(`/${page}`, headers, asFile, compressed, files);
  }
  app.use("/assets", headers, compressed, files);
}

/** Not every browser counts this host's WebSocket as 'self'. */
function socketSource({ headers }: IncomingMessage, scheme: string): string {
  const { host = "" } = headers;
  return HOST.test(host) ? `${scheme}://${host}` : "'self'";
}
