import { fileURLToPath } from "node:url";
import express, { type Express } from "express";
import helmet from "helmet";

const FILES = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const PAGES = ["live", "portfolio"];

/** The pages for spectators, and the files they load. */
export function pageRoutes(app: Express): void {
  // Everything comes from this host; charts set inline styles.
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'", "ws:", "wss:"],
        imgSrc: ["'self'", "data:"],
        styleSrc: ["'self'", "'unsafe-inline'"],
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
