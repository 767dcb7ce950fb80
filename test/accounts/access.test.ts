import { expect } from "chai";
import { io } from "socket.io-client";
import type { App } from "../../src/app.ts";
import {
  type AccessRules,
  allows,
  ROUTE_ACCESS,
  SOCKET_ACCESS,
  WHO,
  type Who,
} from "../../src/contracts/access.ts";
import { send } from "../support/http.ts";
import { type Environment, type Instance, startHere, startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { ADMIN, makeKey, PASSWORD, type Person, PRODUCTION, signIn, signUp } from "./people.ts";
import { sampleOf } from "./samples.ts";

/** Someone who comes to a door, and what is known about them. */
interface Caller {
  name: string;
  /** Absent: the credential that they send is good no more. */
  who: Who | undefined;
  headers: Record<string, string>;
  token?: string;
  /** What they write for. */
  model: string;
  /** They write for a model that is not theirs to write for. */
  isForeign?: boolean;
  /** Signs in anew, for what would end the session that the others use. */
  fresh?: () => Promise<Record<string, string>>;
  /** Somebody of the same kind, for what would end the account. */
  another?: () => Promise<Record<string, string>>;
}

async function callersOf(url: string, databaseUrl: string): Promise<Caller[]> {
  const people = {
    user: await signUp(url, databaseUrl),
    observer: await signUp(url, databaseUrl, "observer"),
    admin: await signUp(url, databaseUrl, "admin"),
  };
  const { user, observer, admin } = people;
  const other = await signUp(url, databaseUrl);
  const asOwner = { cookie: user.cookie };
  await send("POST", `${url}/api/portfolio`, { model: "user's", balance: 1 }, asOwner);
  const signedIn = (name: string, who: Who, person: Person, model: string): Caller => ({
    name,
    who,
    headers: { cookie: person.cookie },
    model,
    fresh: async () => ({ cookie: await signIn(url, person.email) }),
    another: async () => ({
      cookie: (await signUp(url, databaseUrl, who === "observer" || who === "admin" ? who : "user")).cookie,
    }),
  });
  const withKey = async (name: string, who: Who | undefined, person: Person, model: string, fields = {}) => {
    const { bearer, secret, id } = await makeKey(url, person, fields);
    return { id, caller: { name, who, headers: bearer, token: secret, model } satisfies Caller };
  };
  const expired = await withKey("an expired key", undefined, user, "user's");
  await query(databaseUrl, "UPDATE api_keys SET expires_at = now() WHERE id = $1", [expired.id]);
  const revoked = await withKey("a revoked key", undefined, user, "user's");
  await send("DELETE", `${url}/api/keys/${revoked.id}`, undefined, asOwner);
  const keyOfAnother = await withKey("a key of another model", "user's key", user, "user's", {
    models: ["another"],
  });
  return [
    { name: "nobody", who: "nobody", headers: {}, model: "user's" },
    signedIn("the user", "user", user, "user's"),
    { ...signedIn("another user", "user", other, "user's"), isForeign: true },
    signedIn("an observer", "observer", observer, "observer's"),
    signedIn("an admin", "admin", admin, "user's"),
    (await withKey("the user's key", "user's key", user, "user's")).caller,
    (await withKey("a key of the model", "user's key", user, "user's", { models: ["user's"] })).caller,
    { ...keyOfAnother.caller, isForeign: true },
    { ...(await withKey("another user's key", "user's key", other, "user's")).caller, isForeign: true },
    (await withKey("an observer's key", "observer's key", observer, "observer's")).caller,
    (await withKey("an admin's key", "admin's key", admin, "admin's")).caller,
    expired.caller,
    revoked.caller,
  ];
}

/** What the table, and nothing else, says that a caller is answered: 0 where they are let in. */
function expectedOf(route: string, caller: Caller, rules: AccessRules): number {
  const access = ROUTE_ACCESS[route];
  if (access === undefined) throw new Error(`${route} has no row`);
  const isLooked = rules.auth === "required" ? access.reads || !access.may.includes("nobody") : access.always;
  // Whoever signs in or out is not asked for more, and a page is a page.
  if (!isLooked || (access.always && access.may.includes("nobody"))) return 0;
  if (caller.who === undefined) return 401;
  if (!allows(access, caller.who, rules)) return caller.who === "nobody" ? 401 : 403;
  return access.ownModels && caller.isForeign && rules.auth === "required" ? 403 : 0;
}

async function connect(url: string, { headers, token }: Caller): Promise<"in" | string> {
  const socket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    extraHeaders: headers.cookie === undefined ? {} : { cookie: headers.cookie },
    auth: { ...(token !== undefined && { token }) },
  });
  try {
    return await new Promise((resolve) => {
      socket.on("connect_error", (error) =>
        resolve((error as { data?: { code: string } }).data?.code ?? error.message),
      );
      socket.on("connect", async () => {
        const subscribed = await socket.emitWithAck("subscribe", { channels: ["trades"] });
        const unsubscribed = await socket.emitWithAck("unsubscribe", { channels: ["trades"] });
        resolve(subscribed.ok && unsubscribed.ok ? "in" : subscribed.code);
      });
    });
  } finally {
    socket.disconnect();
  }
}

describe("The access table", () => {
  let open: App;

  before(async () => {
    open = await startHere({ DATABASE_URL: await newDatabase() });
  });
  after(() => open.stop());

  it("has a row for exactly the routes that the service has", () => {
    expect(Object.keys(ROUTE_ACCESS)).to.have.members(open.routes());
  });

  it("names everyone somewhere, and lets nobody write without an account", () => {
    const named = new Set(Object.values(ROUTE_ACCESS).flatMap(({ may }) => may));
    expect([...named]).to.have.members([...WHO]);
    for (const [route, { may, writes, ownModels }] of Object.entries(ROUTE_ACCESS)) {
      if (writes || ownModels) expect(may, route).to.not.include.members(["nobody"]);
    }
  });

  const settings: [string, AccessRules, Environment][] = [
    ["in production", { auth: "required", readAuth: "open" }, PRODUCTION],
    [
      "with READ_AUTH=required",
      { auth: "required", readAuth: "required" },
      { ...PRODUCTION, READ_AUTH: "required" },
    ],
    ["with AUTH=open", { auth: "open", readAuth: "open" }, { AUTH: "open" }],
  ];
  for (const [name, rules, environment] of settings) {
    describe(`held against a service ${name}`, () => {
      let instance: Instance;
      let callers: Caller[];
      /** Whom an admin may do something with. */
      let stranger: Person;

      before(async () => {
        const databaseUrl = await newDatabase();
        instance = await startInstance({ ...environment, DATABASE_URL: databaseUrl });
        callers = await callersOf(instance.url, databaseUrl);
        stranger = await signUp(instance.url, databaseUrl);
      });
      after(() => instance.stop());

      for (const route of Object.keys(ROUTE_ACCESS)) {
        it(`${route} lets in whom the table names, and nobody else`, async () => {
          await Promise.all(callers.map((caller) => tryOut(route, caller)));
        });
      }

      async function tryOut(route: string, caller: Caller): Promise<void> {
        const owns = ({ model, who, isForeign }: Caller) =>
          model === caller.model && who !== "nobody" && !isForeign;
        const { method, path, body } = await sampleOf(route, caller.model, {
          url: instance.url,
          // An open trade to close is the model owner's to make.
          owner: callers.find(owns)?.headers ?? {},
          stranger: stranger.id,
          login: { email: ADMIN.email, password: rules.auth === "open" ? PASSWORD : ADMIN.password },
        });
        const instead = endsAccount(route) ? caller.another : endsSession(route) ? caller.fresh : undefined;
        const headers = (await instead?.()) ?? caller.headers;
        const status = await statusOf(instance.url + path, method, body, headers);
        const expected = expectedOf(route, caller, rules);
        const what = `${caller.name} at ${route}`;
        if (expected !== 0) expect(status, what).to.equal(expected);
        // Signing in with a password that is wrong here is refused too, but not by the table.
        else if (!route.endsWith("/login")) expect(status, what).to.not.be.oneOf([401, 403]);
        expect(status, what).to.be.lessThan(500);
      }

      it("sockets let in whom the table names, and nobody else", async () => {
        await Promise.all(
          callers.map(async (caller) => {
            const isIn =
              rules.auth === "open" ||
              (caller.who !== undefined && allows(SOCKET_ACCESS.connect, caller.who, rules));
            expect(await connect(instance.url, caller), caller.name).to.equal(
              isIn ? "in" : "unauthenticated",
            );
          }),
        );
      });
    });
  }
});

/** To sign in again ends the session that one came with. */
const endsSession = (route: string) => /\/(?:register|login|logout)$/.test(route);
/** Or every other session of it. */
const endsAccount = (route: string) => /auth\/(?:account|password|sessions)$/.test(route);

/** The status alone: an event stream never ends. */
async function statusOf(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<number> {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  return response.status;
}
