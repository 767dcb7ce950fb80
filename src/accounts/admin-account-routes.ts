import type { Express } from "express";
import { nothing } from "../contracts/accounts.ts";
import { userChange, userQuery } from "../contracts/users.ts";
import { validQuery } from "../platform/http/query.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import { changeUser } from "./change-user.ts";
import { listUsers } from "./list-users.ts";
import { makeReset } from "./reset-password.ts";
import { type AccountRoutesContext, oneOf, userOf } from "./routes.ts";

const BYTES = 16 * 1024;

interface AdminAccountRoutesContext extends Pick<AccountRoutesContext, "database" | "identityOf" | "onEnd"> {
  /** An account is more or less than before: it is not to be known from a moment ago. */
  onChange: (userId: string) => void;
}

/** What an admin may do with others' accounts. */
export function adminAccountRoutes(
  app: Express,
  { database, identityOf, onEnd, onChange }: AdminAccountRoutesContext,
): void {
  app.get("/api/admin/users", async (request, response) => {
    const page = await listUsers(database, validQuery(userQuery, request));
    sendJson(request, response, 200, JSON.stringify(page));
  });

  app.patch("/api/admin/users/:id", async (request, response) => {
    const sent = validate(userChange, await readJson(request, BYTES));
    const { id } = request.params;
    const { user, ended } = await changeUser(database, userOf(identityOf(request)).id, id, sent);
    onEnd(oneOf(ended));
    onChange(id);
    sendJson(request, response, 200, JSON.stringify({ success: true, user }));
  });

  app.post("/api/admin/users/:id/reset", async (request, response) => {
    validQuery(nothing, request);
    const { token, expiresAt } = await makeReset(database, request.params.id);
    // Behind the #, which no browser sends on: it stands in no log and in no Referer.
    const link = `${request.protocol}://${request.host}/reset#${token}`;
    const body = { success: true, link, expires_at: expiresAt.toISOString() };
    sendJson(request, response, 201, JSON.stringify(body));
  });
}
