import type { Request } from "express";
import { type Access, type AccessRules, allows, ROUTE_ACCESS, type Who } from "../contracts/access.ts";
import type { Allowance } from "../platform/allowance.ts";
import { forbidden, unauthenticated } from "../platform/errors.ts";
import type { RouteGuard } from "../platform/http/guard-routes.ts";
import { isForeignOrigin } from "../platform/http/origin.ts";
import type { WriteGuard } from "../platform/http/write-guard.ts";
import { bearerOf, type Identifier } from "./identify.ts";
import { type Identity, limitKeyOf, NOBODY } from "./identity.ts";
import type { OwnModels } from "./own-models.ts";

export interface GuardOptions {
  rules: AccessRules;
  identifier: Identifier;
  ownModels: OwnModels;
  /** Origins whose pages may do what our own may. */
  allowedOrigins: readonly string[];
  /** Absent: writes are not counted. */
  writes?: Allowance | undefined;
}

export interface Guard {
  /** The guard of a route, after its row in the access table. @throws Error where it has none. */
  of(route: string): RouteGuard | undefined;
  mayWrite: WriteGuard;
  /** Who a request comes from that got past its guard. */
  identityOf(request: Request): Identity;
}

/** Holds requests against the access table: who they come from, where from, and how often. */
export function createGuard({ rules, identifier, ownModels, allowedOrigins, writes }: GuardOptions): Guard {
  const identities = new WeakMap<Request, Identity>();
  const identityOf = (request: Request) => identities.get(request) ?? NOBODY;

  function admit(request: Request, access: Access, identity: Identity): Promise<void> | undefined {
    if (!allows(access, identity.who, rules)) throw refusal(identity.who);
    if (access.wholeAccount && identity.models != null) {
      throw forbidden("This key writes for the models that it names only, and this is about none.");
    }
    identities.set(request, identity);
    // A browser sends the cookie along whatever page it was that asked.
    if (request.method !== "GET" && identity.credential?.kind === "session") refuseForeign(request);
    if (writes === undefined || access.writes === undefined) return undefined;
    return writes.take(limitKeyOf(identity, request));
  }

  function refuseForeign(request: Request): void {
    if (isForeignOrigin(request.headers, allowedOrigins)) {
      throw forbidden("This request was sent by a page of an origin that is not allowed.");
    }
  }

  return {
    of(route) {
      const access = ROUTE_ACCESS[route];
      if (access === undefined) throw new Error(`The route ${route} has no row in contracts/access.ts.`);
      const isEnforced = rules.auth === "required" || access.always === true;
      if (!isEnforced)
        return access.writes && writes ? (request) => admit(request, access, NOBODY) : undefined;
      if (isSignIn(access)) return (request) => void refuseForeign(request);
      const isForAll = allows(access, "nobody", rules);
      // What a probe or a browser asks for must not wait for the database.
      if (isForAll && access.reads === undefined) return undefined;
      return (request) => {
        // Nothing depends on who it is; but a key that is sent has to be good.
        if (isForAll && bearerOf(request.headers.authorization) === undefined) return undefined;
        const identity = identifier.identify(request);
        return identity instanceof Promise
          ? identity.then((found) => admit(request, access, found))
          : admit(request, access, identity);
      };
    },
    mayWrite: (request, models) =>
      rules.auth === "open" ? undefined : ownModels.writer(identityOf(request), models),
    identityOf,
  };
}

/** Who comes to sign in or out needs no identity, but must not be sent by a foreign page. */
const isSignIn = (access: Access) => access.always === true && access.may.includes("nobody");

function refusal(who: Who) {
  if (who === "nobody") return unauthenticated("This needs an account or a key: sign in, or send one.");
  return forbidden(`This is not for ${who === "user" || who.startsWith("user's") ? "a" : "an"} ${who}.`);
}
