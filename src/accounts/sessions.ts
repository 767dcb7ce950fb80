import type { Request, RequestHandler } from "express";
import session from "express-session";
import { SESSION_COOKIE, type SessionOut } from "../contracts/accounts.ts";
import { notFound } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import type { SessionStore } from "./session-store.ts";

const LIFE_MS = 7 * 24 * 3_600_000;

const LIST: Statement = {
  name: "list-sessions",
  text: `SELECT sid, created_at, expires FROM sessions WHERE user_id = $1 AND expires > now()
    ORDER BY created_at DESC, sid LIMIT 1000`,
};
const END: Statement = {
  name: "end-session",
  text: "DELETE FROM sessions WHERE sid = $1 AND user_id = $2 RETURNING sid",
};

/** Only for the routes that begin and end sessions; everyone else reads the cookie with `identify`. */
export function sessionMiddleware(store: SessionStore, secret: string): RequestHandler {
  return session({
    store,
    secret,
    name: SESSION_COOKIE,
    resave: false,
    saveUninitialized: false,
    // Secure wherever the request came over TLS, to us or to a proxy that is trusted.
    cookie: { httpOnly: true, sameSite: "lax", secure: "auto", path: "/", maxAge: LIFE_MS },
  });
}

/** Begins a session under a new id, so that nobody knows it from before; one that there was is ended. */
export async function beginSession(request: Request, userId: string): Promise<void> {
  await settled((done) => request.session.regenerate(done));
  request.session.userId = userId;
  await settled((done) => request.session.save(done));
}

/** Ends the session that the request came with, if any. */
export async function leaveSession(request: Request): Promise<void> {
  await settled((done) => request.session.destroy(done));
}

/** An account's sessions, newest first. @param current the digest of the one that asks. */
export async function listSessions(
  database: Database,
  userId: string,
  current: string | undefined,
): Promise<SessionOut[]> {
  const rows = await database.run<{ sid: string; created_at: Date; expires: Date }>(LIST, [userId]);
  return rows.map(({ sid, created_at, expires }) => ({
    id: sid,
    created_at: created_at.toISOString(),
    expires_at: expires.toISOString(),
    current: sid === current,
  }));
}

/** @param digest as the list shows it. @throws AppError 404 where this account has no such session. */
export async function endSession(database: Database, userId: string, digest: string): Promise<void> {
  const ended = await database.run(END, [digest, userId]);
  if (ended.length === 0) throw notFound("There is no such session.");
}

function settled(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
}
