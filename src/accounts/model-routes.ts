import type { Express, Request } from "express";
import { modelTransfer, nothing } from "../contracts/accounts.ts";
import { analyticsParams } from "../contracts/leaderboard.ts";
import { validQuery } from "../platform/http/query.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { Identity } from "./identity.ts";
import { type Asker, listModels, releaseModel, transferModel } from "./released-models.ts";
import { userOf } from "./routes.ts";

const TRANSFER_BYTES = 4 * 1024;

export interface ModelRoutesContext {
  database: Database;
  identityOf: (request: Request) => Identity;
  /** How many models an account may own. */
  maxModels: number;
}

/** Which models are an account's, and how it gives them up. */
export function modelRoutes(app: Express, { database, identityOf, maxModels }: ModelRoutesContext): void {
  const askerOf = (request: Request): Asker => {
    const identity = identityOf(request);
    return { id: userOf(identity).id, isForAll: identity.who === "admin" };
  };

  app.get("/api/models/owned", async (request, response) => {
    validQuery(nothing, request);
    const models = await listModels(database, askerOf(request).id);
    sendJson(request, response, 200, JSON.stringify({ models, count: models.length }));
  });

  app.post("/api/models/:model/release", async (request, response) => {
    const { model } = validate(analyticsParams, request.params);
    await releaseModel(database, model, askerOf(request));
    sendJson(request, response, 200, '{"success":true}');
  });

  app.post("/api/models/:model/transfer", async (request, response) => {
    const { model } = validate(analyticsParams, request.params);
    const { email } = validate(modelTransfer, await readJson(request, TRANSFER_BYTES));
    await transferModel(database, model, email, askerOf(request), maxModels);
    sendJson(request, response, 200, '{"success":true}');
  });
}
