/** Who a request or a socket can come from. A key has its owner's role, and less. */
export const WHO = [
  "nobody",
  "user",
  "observer",
  "admin",
  "user's key",
  "observer's key",
  "admin's key",
] as const;
export type Who = (typeof WHO)[number];

/** What one row of the tables below says. */
export interface Access {
  may: readonly Who[];
  /** It only reads: with READ_AUTH=required nobody without an account gets in. */
  reads?: true;
  /** It writes, so that the limit on writes counts it. */
  writes?: true;
  /**
   * Whoever may, may only for models that are theirs. A model is the account's that first wrote for it; an admin who
   * is signed in may write for all, a key for those that it names, or where it names none, for its account's.
   */
  ownModels?: true;
  /** A key that names models may not: this is about no model. */
  wholeAccount?: true;
  /** It is about accounts, so it holds with AUTH=open too, where every other row lets anyone in. */
  always?: true;
}

/** How strict the service was set up to be. */
export interface AccessRules {
  auth: "open" | "required";
  readAuth: "open" | "required";
}

const SIGNED_IN: readonly Who[] = ["user", "observer", "admin"];
const TRADERS: readonly Who[] = ["user", "admin", "user's key", "admin's key"];

const PUBLIC: Access = { may: WHO };
const READ: Access = { may: WHO, reads: true };
const TRADE: Access = { may: TRADERS, writes: true, ownModels: true };
// A posted price changes what every portfolio is worth.
const FEED: Access = { may: ["admin", "admin's key"], writes: true, wholeAccount: true };
const ADMIN: Access = { may: ["admin"] };
// Also where anyone may write: nobody is shown who has an account, or given a link into it.
const ACCOUNTS_ADMIN: Access = { may: ["admin"], always: true };
const SIGN_IN: Access = { may: WHO, always: true };
const ACCOUNT: Access = { may: SIGNED_IN, always: true };
const WHOEVER_IT_IS: Access = { may: WHO.filter((who) => who !== "nobody"), always: true };

/** Who may use which route: the one place that says it. The service does not start with a route that is missing here. */
export const ROUTE_ACCESS: Readonly<Record<string, Access>> = {
  "POST /api/trades": TRADE,
  "POST /api/trades/bulk": TRADE,
  "PATCH /api/trades/{id}": TRADE,
  "POST /api/portfolio": TRADE,
  // Where the text is a model's own; without a model whoever may trade may score.
  "POST /api/sentiment": TRADE,
  "POST /api/market/prices": FEED,

  "GET /api/trades": READ,
  "GET /api/trades/{id}": READ,
  "GET /api/portfolio": READ,
  "GET /api/portfolio/history": READ,
  "GET /api/leaderboard": READ,
  "GET /api/models/{model}/analytics": READ,
  "GET /api/sentiment": READ,
  "GET /api/sentiment/summary": READ,
  "GET /api/market": READ,
  "GET /api/markets": READ,
  "GET /api/market/candles": READ,
  "GET /api/news": READ,
  "GET /api/tape": READ,
  "GET /api/stream": READ,

  "POST /api/auth/register": SIGN_IN,
  "POST /api/auth/login": SIGN_IN,
  "POST /api/auth/logout": SIGN_IN,
  "GET /api/auth/me": WHOEVER_IT_IS,
  // By the link that an admin made.
  "POST /api/auth/reset": SIGN_IN,
  "POST /api/auth/password": ACCOUNT,
  "DELETE /api/auth/account": ACCOUNT,
  "GET /api/auth/sessions": ACCOUNT,
  "DELETE /api/auth/sessions": ACCOUNT,
  "DELETE /api/auth/sessions/{id}": ACCOUNT,
  // Of the models that are its own; an admin of all.
  "GET /api/models/owned": ACCOUNT,
  "POST /api/models/{model}/release": ACCOUNT,
  "POST /api/models/{model}/transfer": ACCOUNT,
  "POST /api/keys": ACCOUNT,
  "GET /api/keys": ACCOUNT,
  "DELETE /api/keys/{id}": ACCOUNT,

  "GET /api/admin/errors": ADMIN,
  "GET /api/admin/status": ADMIN,
  "POST /api/admin/cache/clear": ADMIN,
  "GET /api/admin/users": ACCOUNTS_ADMIN,
  "PATCH /api/admin/users/{id}": ACCOUNTS_ADMIN,
  "POST /api/admin/users/{id}/reset": ACCOUNTS_ADMIN,

  "GET /healthz": PUBLIC,
  "GET /readyz": PUBLIC,
  "GET /metrics": PUBLIC,
  "GET /openapi.json": PUBLIC,
  "GET /asyncapi.yaml": PUBLIC,

  // The pages hold no data: what they show comes through the routes above.
  "GET /": PUBLIC,
  "GET /live": PUBLIC,
  "GET /leaderboard": PUBLIC,
  "GET /portfolio": PUBLIC,
  "GET /market": PUBLIC,
  "GET /news": PUBLIC,
  "GET /login": PUBLIC,
  "GET /account": PUBLIC,
  "GET /reset": PUBLIC,
};

/** Who may do what over a socket; `connect` is the handshake. */
export const SOCKET_ACCESS: Readonly<Record<"connect" | "subscribe" | "unsubscribe", Access>> = {
  connect: READ,
  subscribe: READ,
  unsubscribe: READ,
};

/** Whether a row lets someone in; whose models are written for is asked later. */
export function allows(access: Access, who: Who, { auth, readAuth }: AccessRules): boolean {
  if (auth === "open" && access.always === undefined) return true;
  if (who === "nobody" && access.reads && readAuth === "required") return false;
  return access.may.includes(who);
}
