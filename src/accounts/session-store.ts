import makeStore from "connect-session-sequelize";
import session, { type SessionData } from "express-session";
import type { Sequelize } from "sequelize-typescript";
import { SessionRow } from "./models.ts";
import { digestOf } from "./session-cookie.ts";

declare module "express-session" {
  interface SessionData {
    /** Who is signed in. */
    userId: string;
  }
}

const CLEAN_UP_EVERY_MS = 15 * 60_000;

const SequelizeStore = makeStore(session.Store);

export type SessionStore = InstanceType<typeof SequelizeStore>;

type GetDone = (error: unknown, session?: SessionData | null) => void;
type Done = (error?: unknown) => void;

/**
 * Sessions in PostgreSQL, under digests of their ids: a dump of the table lets nobody in. The stock store would also
 * hand out a session that has expired and waits for the clean-up.
 */
class DigestStore extends SequelizeStore {
  override get(id: string, done: GetDone): void {
    super.get(digestOf(id), (error, found) => {
      const expires = found?.cookie.expires;
      const isOver = expires !== undefined && expires !== null && new Date(expires) <= new Date();
      done(error, isOver ? null : found);
    });
  }

  override set(id: string, data: SessionData, done?: Done): void {
    super.set(digestOf(id), data, done);
  }

  override destroy(id: string, done?: Done): void {
    super.destroy(digestOf(id), done);
  }
}

/** A session ends a fixed time after its beginning, so nothing is written while it is only used. */
export function createSessionStore(sequelize: Sequelize): SessionStore {
  const store = new DigestStore({
    // Its types are of a Sequelize without models, and leave out this option.
    ...({ disableTouch: true } as object),
    db: sequelize,
    table: SessionRow.name,
    checkExpirationInterval: CLEAN_UP_EVERY_MS,
    extendDefaultFields: (defaults, data: SessionData) => ({ ...defaults, user_id: data.userId ?? null }),
  });
  return store;
}
