import type { Express, Request } from "express";
import { adminQuery } from "../contracts/admin.ts";
import { AppError, unavailable } from "../platform/errors.ts";
import { validQuery } from "../platform/http/query.ts";
import { sendJson } from "../platform/http/respond.ts";
import type { ErrorLog } from "./error-log.ts";

export interface AdminContext {
  /** `open`: whoever reaches the service is an admin; `required`: nobody is, until accounts say who. */
  auth: "open" | "required";
  errorLog: ErrorLog;
  /** What is up. */
  status: () => Promise<object>;
  /** Forgets all cached answers. @returns how many there were. */
  clearCache: () => Promise<number>;
}

/** Routes for whoever keeps the service running. */
export function adminRoutes(app: Express, { auth, errorLog, status, clearCache }: AdminContext): void {
  const asAdmin = (request: Request) => {
    if (auth === "required") throw new AppError(401, "unauthenticated", "Sign in as an admin first.");
    validQuery(adminQuery, request);
  };

  app.get("/api/admin/errors", async (request, response) => {
    asAdmin(request);
    const errors = await errorLog.read();
    const body = { errors, count: errors.length, timestamp: new Date().toISOString() };
    sendJson(request, response, 200, JSON.stringify(body));
  });

  app.get("/api/admin/status", async (request, response) => {
    asAdmin(request);
    sendJson(request, response, 200, JSON.stringify(await status()));
  });

  app.post("/api/admin/cache/clear", async (request, response) => {
    asAdmin(request);
    const cleared = await clearCache().catch(() => {
      throw unavailable("The cache cannot be reached; try again.");
    });
    sendJson(request, response, 200, JSON.stringify({ success: true, cleared }));
  });
}
