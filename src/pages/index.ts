import { fileURLToPath } from "node:url";
import express, { type Express } from "express";
import { pageHeaders } from "../platform/http/page-headers.ts";

const FILES = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const PAGES = ["live", "portfolio", "login", "account"];

/** The pages for spectators, and the files they load. */
export function pageRoutes(app: Express): void {
  const headers = pageHeaders();
  app.get("/", headers, (_request, response) => response.redirect("/live"));
  for (const page of PAGES) {
    app.get(`/${page}`, headers, (_request, response, next) => {
      response.sendFile(`${page}.html`, { root: FILES }, (error) => error && next(error));
    });
  }
  app.use("/assets", headers, express.static(FILES, { index: false, maxAge: 0 }));
}
