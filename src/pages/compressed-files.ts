import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import type { RequestHandler } from "express";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
/** The folder is flat. */
const FILE = /^\/[\w-][\w.-]*$/;

/**
 * Leads to the compressed twin (`live.js.gz`, made by the build) of a file in this folder where the client takes it.
 * Must come right before what serves the folder's files.
 */
export function compressedFiles(folder: string): RequestHandler {
  return (request, response, next) => {
    const type = TYPES[extname(request.path)];
    // Looked for each time: another instance may have been started from this checkout and built it anew.
    if (type !== undefined && FILE.test(request.path) && existsSync(join(folder, `${request.path}.gz`))) {
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
