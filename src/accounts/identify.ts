import type { IncomingMessage } from "node:http";
import { unauthenticated } from "../platform/errors.ts";
import { addressOf } from "../platform/http/address.ts";
import type { Limiter } from "../platform/limiter.ts";
import type { Database } from "../platform/postgres/database.ts";
import { remember } from "../platform/remember.ts";
import { findSession, keyFinder } from "./find-credential.ts";
import { type Identity, NOBODY } from "./identity.ts";
import { hashSecret, prefixOf } from "./key-secret.ts";
import { digestOf, sessionIdFrom } from "./session-cookie.ts";

/** How long an instance may go on by what it last read: a credential that another one ended is worth nothing after it. */
const BELIEVED_MS = 2_000;
const BEARER = /^bearer +(\S+) *$/i;

export interface Identifier {
  /**
   * Who a request comes from, by `Authorization: Bearer`, else by the session's cookie. A cookie that is no longer good
   * is nobody's; a key that is not good is refused, since whoever sends one means it.
   * @param token a key that came otherwise.
   * @throws AppError 401, 429, and what the database throws.
   */
  identify(request: IncomingMessage, token?: string): Identity | Promise<Identity>;
  /** Who was just ended, or is more or less than before, is looked up again. */
  forget(matches: (identity: Identity) => boolean): void;
}

export interface IdentifierOptions {
  database: Database;
  sessionSecret: string;
  /** Counts, per address, keys that are nobody's; no other. */
  wrongKeys: Limiter;
}

export function createIdentifier({ database, sessionSecret, wrongKeys }: IdentifierOptions): Identifier {
  const known = remember<Identity | undefined>(BELIEVED_MS);
  const findKey = keyFinder(database);

  function byKey(secret: string, request: IncomingMessage): Identity | Promise<Identity> {
    let isNews = false;
    // Looked up however many wrong ones came from there: a stale bot must not shut out its neighbours.
    const found = known.get(`key ${hashSecret(secret)}`, async () => {
      isNews = true;
      const prefix = prefixOf(secret);
      return prefix === undefined ? undefined : await findKey(prefix, secret);
    });
    if (found instanceof Promise) return found.then((identity) => identity ?? refuse(request, isNews));
    return found ?? refuse(request, isNews);
  }

  /** @throws AppError 401; 429 where too many wrong keys came from the address, one that comes again not counted. */
  async function refuse(request: IncomingMessage, isNews: boolean): Promise<never> {
    const address = addressOf(request);
    await (isNews ? wrongKeys.take(address) : wrongKeys.check(address));
    throw unauthenticated("This key is not valid: it is wrong, has expired or was revoked.");
  }

  function bySession(id: string): Identity | Promise<Identity> {
    const digest = digestOf(id);
    const found = known.get(`session ${digest}`, () => findSession(database, digest));
    return found instanceof Promise ? found.then(orNobody) : orNobody(found);
  }

  return {
    identify(request, token) {
      const { authorization, cookie } = request.headers;
      const secret = token ?? bearerOf(authorization);
      if (secret !== undefined) return byKey(secret, request);
      const sessionId = sessionIdFrom(cookie, sessionSecret);
      return sessionId === undefined ? NOBODY : bySession(sessionId);
    },
    forget(matches) {
      known.forget((identity) => identity !== undefined && matches(identity));
    },
  };
}

/** The secret of `Authorization: Bearer`; other schemes are someone else's, a proxy's for example. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
}

const orNobody = (identity: Identity | undefined): Identity => identity ?? NOBODY;
