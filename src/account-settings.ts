import ipaddr from "ipaddr.js";
import { ConfigError } from "./config-error.ts";
import { listOf } from "./config-list.ts";

/** Names that Express knows for networks. */
const PROXY_NAMES = new Set(["loopback", "linklocal", "uniquelocal"]);

/** Which proxies are believed: none, so many hops, or those with these addresses and networks. */
export type TrustProxy = false | number | string[];

interface AccountNeeds {
  production: boolean;
  auth: "open" | "required";
  sessionSecret?: string | undefined;
  admin?: object | undefined;
}

interface AccountValues {
  READ_AUTH: "open" | "required";
  ADMIN_EMAIL?: string | undefined;
  ADMIN_PASSWORD?: string | undefined;
}

/** @throws ConfigError where reading would be harder than writing. */
export function refuseLockedReading({ READ_AUTH }: AccountValues, auth: "open" | "required"): void {
  if (READ_AUTH === "open" || auth === "required") return;
  throw new ConfigError(
    "The setting READ_AUTH=required asks for an account to read, and AUTH=open for none to write: set AUTH=required too.",
  );
}

/**
 * For the service itself; a command on the database of a production needs none of it.
 * @throws ConfigError where a production that asks for accounts lacks what they need.
 */
export function refuseMissing({ production, auth, sessionSecret, admin }: AccountNeeds): void {
  if (!production || auth === "open") return;
  const missing =
    sessionSecret === undefined ? "SESSION_SECRET" : admin === undefined ? "ADMIN_EMAIL" : undefined;
  if (missing === undefined) return;
  throw new ConfigError(
    `The setting ${missing} is missing: AUTH=required, the default with NODE_ENV=production, needs SESSION_SECRET, ADMIN_EMAIL and ADMIN_PASSWORD.`,
  );
}

/** The first admin. @throws ConfigError where half of it is missing. */
export function adminOf({ ADMIN_EMAIL: email, ADMIN_PASSWORD: password }: AccountValues) {
  if (email === undefined && password === undefined) return undefined;
  if (email === undefined || password === undefined) {
    const missing = email === undefined ? "ADMIN_EMAIL" : "ADMIN_PASSWORD";
    throw new ConfigError(
      `The setting ${missing} is missing: the first admin needs an email and a password.`,
    );
  }
  return { email, password };
}

/** @throws ConfigError where one is no origin. */
export function parseOrigins(value: string): string[] {
  const origins = listOf(value);
  const bad = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (bad !== undefined) {
    throw new ConfigError(
      `The setting ALLOWED_ORIGINS cannot be used: ${bad} is no origin like https://board.example.`,
    );
  }
  return origins;
}

/** @throws ConfigError where it is neither a number of proxies nor a list of addresses and networks. */
export function parseTrustProxy(value: string): TrustProxy {
  if (/^\d{1,2}$/.test(value)) return Number(value) === 0 ? false : Number(value);
  const addresses = listOf(value);
  const bad = addresses.find(
    (address) => !PROXY_NAMES.has(address) && !ipaddr.isValid(address) && !ipaddr.isValidCIDR(address),
  );
  if (bad !== undefined) {
    throw new ConfigError(
      `The setting TRUST_PROXY cannot be used: ${bad} is no number of proxies, no address and no network.`,
    );
  }
  return addresses.length > 0 && addresses;
}
