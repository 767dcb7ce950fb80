import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Express, type RequestHandler } from "express";
import { pageHeaders } from "../platform/http/page-headers.ts";
import { compressedFiles } from "./compressed-files.ts";

const FILES = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const PAGES = ["live", "leaderboard", "portfolio", "market", "news", "login", "account", "reset"];
/** Such a name changes with its content. */
const NEVER_CHANGES = /-[A-Z0-9]{8}\.js(\.gz)?$/;

/** The pages for spectators, and the files they load. */
export function pageRoutes(app: Express): void {
  const headers = pageHeaders({ dataImages: true });
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
