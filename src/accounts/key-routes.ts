import type { Express } from "express";
import { newKey, nothing } from "../contracts/accounts.ts";
import { validQuery } from "../platform/http/query.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import { type AccountRoutesContext, userOf } from "./routes.ts";

const KEY_BYTES = 64 * 1024;

export function keyRoutes(
  app: Express,
  { database, identityOf, onEnd }: Pick<AccountRoutesContext, "database" | "identityOf" | "onEnd">,
): void {
  app.post("/api/keys", async (request, response) => {
    const sent = validate(newKey, await readJson(request, KEY_BYTES));
    const made = await createKey(database, userOf(identityOf(request)).id, sent);
    sendJson(request, response, 201, JSON.stringify({ success: true, ...made }));
  });

  app.get("/api/keys", async (request, response) => {
    validQuery(nothing, request);
    const keys = await listKeys(database, userOf(identityOf(request)).id);
    sendJson(request, response, 200, JSON.stringify({ keys, count: keys.length }));
  });

  app.delete("/api/keys/:id", async (request, response) => {
    const { id } = request.params;
    await revokeKey(database, userOf(identityOf(request)).id, id);
    onEnd((credential) => credential.kind === "key" && credential.id === id);
    sendJson(request, response, 200, '{"success":true}');
  });
}
