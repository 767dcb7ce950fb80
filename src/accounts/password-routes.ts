import type { Express } from "express";
import { accountClosing, passwordChange, passwordReset } from "../contracts/users.ts";
import { addressOf } from "../platform/http/address.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import type { Limiter } from "../platform/limiter.ts";
import { changePassword } from "./change-password.ts";
import { closeAccount } from "./close-account.ts";
import { resetPassword } from "./reset-password.ts";
import { type AccountRoutesContext, asSessions, forgetCookie, oneOf, userOf } from "./routes.ts";

const BYTES = 16 * 1024;

interface PasswordRoutesContext
  extends Pick<AccountRoutesContext, "database" | "throttle" | "passwords" | "identityOf" | "onEnd"> {
  /** Counts, per address, links that are not good. */
  wrongLinks: Limiter;
}

/** What asks for a password, or sets one: to change it, to set it anew by a link, to close the account. */
export function passwordRoutes(app: Express, context: PasswordRoutesContext): void {
  const { identityOf, onEnd } = context;

  app.post("/api/auth/password", async (request, response) => {
    const identity = identityOf(request);
    const sent = validate(passwordChange, await readJson(request, BYTES));
    const changer = {
      user: userOf(identity),
      session: identity.credential?.id,
      address: addressOf(request),
    };
    onEnd(oneOf(asSessions(await changePassword(context, changer, sent))));
    sendJson(request, response, 200, '{"success":true}');
  });

  app.post("/api/auth/reset", async (request, response) => {
    const sent = validate(passwordReset, await readJson(request, BYTES));
    onEnd(oneOf(asSessions(await resetPassword(context, sent, addressOf(request)))));
    sendJson(request, response, 200, '{"success":true}');
  });

  app.delete("/api/auth/account", async (request, response) => {
    const user = userOf(identityOf(request));
    const { password } = validate(accountClosing, await readJson(request, BYTES));
    onEnd(oneOf(await closeAccount(context, user, password, addressOf(request))));
    forgetCookie(response);
    sendJson(request, response, 200, '{"success":true}');
  });
}
