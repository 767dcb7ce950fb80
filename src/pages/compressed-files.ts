import { readdirSync } from "node:fs";
import { extname } from "node:path";
import type { RequestHandler } from "express";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Leads to the compressed twin (`live.js.gz`, made by the build) of a file in this folder where the client takes it.
 * Must come right before what serves the folder's files.
 */
export function compressedFiles(folder: string): RequestHandler {
  const twins = new Set(readdirSync(folder).filter((name) => name.endsWith(".gz")));
  return (request, response, next) => {
    const type = TYPES[extname(request.path)];
    if (type !== undefined && twins.has(`${request.path.slice(1)}.gz`)) {
      response.vary("accept-encoding");
      if (request.acceptsEncodings("gzip") === "gzip") {
        // Set here, for behind the twin's own name it would be taken for an archive.
        response.set({ "content-type": type, "content-encoding": "gzip" });
        request.url = `${request.path}.gz`;
      }
    }
    next();
  };
}
