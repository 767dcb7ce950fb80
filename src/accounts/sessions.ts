import type { Request, RequestHandler } from "express";
import session from "express-session";
import { SESSION_COOKIE, type SessionOut } from "../contracts/accounts.ts";
import { notFound, unauthenticated } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { databaseErrorCode, FOREIGN_KEY_VIOLATION } from "../platform/postgres/errors.ts";
import { digestOf } from "./session-cookie.ts";
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

const END_ALL: Statement = {
  name: "end-all-sessions",
  text: "DELETE FROM sessions WHERE user_id = $1 RETURNING sid",
};
// FOR SHARE waits for whoever sets the password anew at this moment; they end the sessions that were there before.
const SETTLE: Statement = {
  name: "settle-session",
  text: `WITH account AS (
      SELECT id FROM users WHERE id = $1 AND password_version = $2 AND disabled_at IS NULL FOR SHARE
    ), surplus AS (
      DELETE FROM sessions WHERE sid IN (
        SELECT sid FROM sessions WHERE user_id = $1 AND sid <> $3 ORDER BY created_at DESC, sid OFFSET $4
      ) RETURNING sid
    )
    SELECT EXISTS (SELECT FROM account) AS is_good, ARRAY(SELECT sid FROM surplus) AS ended`,
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

export interface SessionStart {
  userId: string;
  /** The account's, as it was when the password was looked at. */
  passwordVersion: number;
  /** How many sessions an account may have. */
  most: number;
}

/**
 * Begins a session under a new id, so that nobody knows it from before; one that there was is ended, and so are the oldest
 * of an account that has too many.
 * @returns the digests of those. @throws AppError 401 where the password was set anew, or the account ended, meanwhile.
 */
export async function beginSession(
  database: Database,
  request: Request,
  { userId, passwordVersion, most }: SessionStart,
): Promise<string[]> {
  await settled((done) => request.session.regenerate(done));
  request.session.userId = userId;
  await settled((done) => request.session.save(done)).catch((error: unknown) => {
    if (databaseErrorCode(error) === FOREIGN_KEY_VIOLATION) throw changedMeanwhile();
    throw error;
  });
  const values = [userId, passwordVersion, digestOf(request.sessionID), most - 1];
  const [row] = await database.run<{ is_good: boolean; ended: string[] }>(SETTLE, values);
  if (row?.is_good === true) return row.ended;
  await leaveSession(request);
  throw changedMeanwhile();
}

const changedMeanwhile = () => unauthenticated("This account changed while you signed in; sign in again.");

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

/** @returns the digests of the sessions that an account had. */
export async function endSessions(database: Database, userId: string): Promise<string[]> {
  const ended = await database.run<{ sid: string }>(END_ALL, [userId]);
  return ended.map(({ sid }) => sid);
}

function settled(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
}
