import { randomUUID } from "node:crypto";
import { aTrade, post } from "../support/http.ts";
import { PASSWORD } from "./people.ts";

export interface Sample {
  method: string;
  path: string;
  body?: unknown;
}

interface Surroundings {
  url: string;
  /** The headers of whoever may write for the model. */
  owner: Record<string, string>;
  login: { email: string; password: string };
  /** The id of an account that an admin may do something with. */
  stranger: string;
}

/** A request to a route of the access table that is as it must be. @throws Error for a route without one. */
export async function sampleOf(route: string, model: string, around: Surroundings): Promise<Sample> {
  const [method = "", path = ""] = route.split(" ");
  if (path.startsWith("/api/admin/users/")) {
    const body = method === "PATCH" ? { role: "user" } : undefined;
    return { method, path: path.replace("{id}", around.stranger), body };
  }
  if (method === "PATCH") {
    const id = randomUUID();
    await post(`${around.url}/api/trades`, aTrade({ id, model, status: "open" }), around.owner);
    return { method, path: path.replace("{id}", id), body: { status: "closed", exit_price: 1 } };
  }
  if (method === "DELETE") {
    const body = path === "/api/auth/account" ? { password: PASSWORD } : undefined;
    return { method, path: path.replace("{id}", randomUUID()), body };
  }
  if (method === "POST") {
    const body = bodyOf(path, model, around);
    if (body === undefined) throw new Error(`There is no sample for ${route}.`);
    return { method, path, body };
  }
  return { method, path: path.replace("{id}", randomUUID()) + (QUERIES[path] ?? "") };
}

const QUERIES: Record<string, string> = {
  "/api/market": "?symbol=BTC",
  "/api/market/candles": "?symbol=BTC&interval=1m",
  "/api/portfolio/history": "?model=nobody",
  "/api/sentiment/summary": "?symbol=BTC",
  "/api/stream": "?channels=trades",
};

function bodyOf(path: string, model: string, { login }: Surroundings): unknown {
  const bodies: Record<string, unknown> = {
    "/api/trades": aTrade({ model }),
    "/api/trades/bulk": { trades: [aTrade({ model }), aTrade({ model })] },
    "/api/portfolio": { model, balance: 5 },
    "/api/sentiment": { text: "up", symbol: "BTC", model },
    "/api/market/prices": { prices: [{ symbol: "XYZ", price: 1 }] },
    "/api/auth/register": { email: `${randomUUID()}@example.com`, password: PASSWORD },
    "/api/auth/login": login,
    "/api/auth/logout": {},
    "/api/auth/password": { password: PASSWORD, new_password: "another password of length" },
    "/api/auth/reset": { token: "no token", new_password: "another password of length" },
    // A model that is nobody's: the literal name.
    "/api/models/{model}/release": {},
    "/api/models/{model}/transfer": { email: login.email },
    "/api/keys": { name: "another" },
    "/api/admin/cache/clear": {},
  };
  return bodies[path];
}
