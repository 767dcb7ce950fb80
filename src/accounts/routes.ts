import type { Express, Request, RequestHandler, Response } from "express";
import { login, nothing, registration, SESSION_COOKIE, type User } from "../contracts/accounts.ts";
import { unauthenticated } from "../platform/errors.ts";
import { addressOf } from "../platform/http/address.ts";
import { validQuery } from "../platform/http/query.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import type { Limiter } from "../platform/limiter.ts";
import type { Database } from "../platform/postgres/database.ts";
import { checkLogin } from "./check-login.ts";
import type { Credential, Identity } from "./identity.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import type { Passwords } from "./passwords.ts";
import { registerUser } from "./register-user.ts";
import { digestOf } from "./session-cookie.ts";
import { beginSession, endSession, endSessions, leaveSession, listSessions } from "./sessions.ts";
import { publicUser } from "./users.ts";

const ACCOUNT_BYTES = 16 * 1024;

export interface AccountRoutesContext {
  database: Database;
  session: RequestHandler;
  throttle: LoginThrottle;
  passwords: Passwords;
  /** How many sessions an account may have; the oldest ends for one more. */
  sessionsPerAccount: number;
  /** Counts, per address, accounts that are opened. */
  registrations: Limiter;
  identityOf: (request: Request) => Identity;
  /** A credential has ended: nothing may go on by it. */
  onEnd: (matches: (credential: Credential) => boolean) => void;
}

/** Which credentials are these, for whoever asks about one. */
export const oneOf = (ended: readonly Credential[]) => {
  const names = new Set(ended.map(({ kind, id }) => `${kind} ${id}`));
  return ({ kind, id }: Credential) => names.has(`${kind} ${id}`);
};
export const asSessions = (digests: readonly string[]): Credential[] =>
  digests.map((id) => ({ kind: "session", id }));

export function accountRoutes(app: Express, context: AccountRoutesContext): void {
  const { database, session, registrations, sessionsPerAccount: most, identityOf, onEnd } = context;

  async function signIn(request: Request, userId: string, passwordVersion: number): Promise<void> {
    const ended = await beginSession(database, request, { userId, passwordVersion, most });
    onEnd(oneOf(asSessions(ended)));
  }

  app.post("/api/auth/register", session, async (request, response) => {
    const sent = validate(registration, await readJson(request, ACCOUNT_BYTES));
    await registrations.take(addressOf(request));
    const user = await registerUser(context, sent, addressOf(request));
    await signIn(request, user.id, 0);
    sendJson(request, response, 201, JSON.stringify({ success: true, user }));
  });

  app.post("/api/auth/login", session, async (request, response) => {
    const sent = validate(login, await readJson(request, ACCOUNT_BYTES));
    const account = await checkLogin(context, sent, addressOf(request));
    await signIn(request, account.id, account.password_version);
    sendJson(request, response, 200, JSON.stringify({ success: true, user: publicUser(account) }));
  });

  app.post("/api/auth/logout", session, async (request, response) => {
    // What was signed in by this cookie may be at work on sockets.
    const digest = digestOf(request.sessionID);
    await leaveSession(request);
    onEnd(({ kind, id }) => kind === "session" && id === digest);
    forgetCookie(response);
    sendJson(request, response, 200, '{"success":true}');
  });

  app.get("/api/auth/me", (request, response) => {
    validQuery(nothing, request);
    sendJson(request, response, 200, JSON.stringify({ success: true, user: userOf(identityOf(request)) }));
  });

  app.get("/api/auth/sessions", async (request, response) => {
    validQuery(nothing, request);
    const identity = identityOf(request);
    const sessions = await listSessions(database, userOf(identity).id, identity.credential?.id);
    sendJson(request, response, 200, JSON.stringify({ sessions, count: sessions.length }));
  });

  app.delete("/api/auth/sessions", async (request, response) => {
    onEnd(oneOf(asSessions(await endSessions(database, userOf(identityOf(request)).id))));
    forgetCookie(response);
    sendJson(request, response, 200, '{"success":true}');
  });

  app.delete("/api/auth/sessions/:id", async (request, response) => {
    const digest = request.params.id;
    await endSession(database, userOf(identityOf(request)).id, digest);
    onEnd(({ kind, id }) => kind === "session" && id === digest);
    sendJson(request, response, 200, '{"success":true}');
  });
}

/** @throws AppError 401 where nobody is signed in. */
export function userOf({ user }: Identity): User {
  if (user === undefined) throw unauthenticated("Sign in first.");
  return user;
}

export function forgetCookie(response: Response): void {
  response.clearCookie(SESSION_COOKIE, { httpOnly: true, sameSite: "lax", path: "/" });
}
