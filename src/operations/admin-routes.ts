import type { Express } from "express";
import { adminQuery } from "../contracts/admin.ts";
import { unavailable } from "../platform/errors.ts";
import { validQuery } from "../platform/http/query.ts";
import { sendJson } from "../platform/http/respond.ts";
import type { ErrorLog } from "./error-log.ts";

export interface AdminContext {
  errorLog: ErrorLog;
  /** What is up. */
  status: () => Promise<object>;
  /** Forgets all cached answers. @returns how many there were. */
  clearCache: () => Promise<number>;
}

/** Routes for whoever keeps the service running; the access table says who that is. */
export function adminRoutes(app: Express, { errorLog, status, clearCache }: AdminContext): void {
  app.get("/api/admin/errors", async (request, response) => {
    validQuery(adminQuery, request);
    const errors = await errorLog.read();
    const body = { errors, count: errors.length, timestamp: new Date().toISOString() };
    sendJson(request, response, 200, JSON.stringify(body));
  });

  app.get("/api/admin/status", async (request, response) => {
    validQuery(adminQuery, request);
    sendJson(request, response, 200, JSON.stringify(await status()));
  });

  app.post("/api/admin/cache/clear", async (request, response) => {
    validQuery(adminQuery, request);
    const cleared = await clearCache().catch(() => {
      throw unavailable("The cache cannot be reached; try again.");
    });
    sendJson(request, response, 200, JSON.stringify({ success: true, cleared }));
  });
}
