import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse as parseDotenv } from "dotenv";
import { z } from "zod";
import {
  adminOf,
  parseOrigins,
  parseTrustProxy,
  refuseLockedReading,
  type TrustProxy,
} from "./account-settings.ts";
import { ConfigError } from "./config-error.ts";
import { listOf } from "./config-list.ts";
import { emailAddress } from "./contracts/accounts.ts";
import { isSymbol } from "./contracts/common.ts";

export { ConfigError } from "./config-error.ts";

/** Who may write: `open` lets anyone, `required` asks for a session or a key. */
export type AuthMode = "open" | "required";

/** Everything the service may be told from outside, checked and with defaults filled in. */
export interface Config {
  port: number;
  host: string;
  production: boolean;
  logLevel: string;
  /** Absent: embedded PostgreSQL in `dataDir`. */
  databaseUrl?: string | undefined;
  databasePoolSize: number;
  dataDir: string;
  /** Absent: one instance, no caching. */
  redisUrl?: string | undefined;
  redisCluster: boolean;
  cacheTtlSeconds: number;
  auth: AuthMode;
  authOpenAnywhere: boolean;
  /** `required`: an account or a key is needed to look on, too. */
  readAuth: "open" | "required";
  /** What session cookies are signed with; absent: made up once for the database. */
  sessionSecret?: string | undefined;
  /** Made at the start where this email has no account yet. */
  admin?: { email: string; password: string } | undefined;
  /** Origins whose pages may connect and write as our own may. */
  allowedOrigins: string[];
  /** Which proxies' X-Forwarded-* headers are believed: none, so many hops, or those with these addresses. */
  trustProxy: TrustProxy;
  /** Per key, signed-in user, or address of neither; 0: no limit. */
  writesPerMinute: number;
  subscriptionsPerMinute: number;
  /** Keys that are nobody's, of an address on this instance, before their sender is told to slow down. */
  wrongKeysPerMinute: number;
  /** Passwords, right and wrong, of an account and of an address. */
  loginsPerMinute: number;
  /** Passwords that may wait to be checked on an instance, of one address half as many. */
  passwordQueue: number;
  /** The oldest session of an account ends where one more begins. */
  sessionsPerAccount: number;
  /** Streams that one address may hold open on an instance; 0: any number. */
  streamsPerAddress: number;
  /** Models that an account may own. */
  maxModelsPerAccount: number;
  /** With AUTH=open: models that there may be in all. */
  maxModels: number;
  maxPositionsPerPortfolio: number;
  /** CSV exports under way on an instance; 0: any number. */
  maxExports: number;
  /** CSV exports of one address under way on an instance; 0: any number. */
  exportsPerAddress: number;
  /** Seconds after which a client that reads nothing of its answer is cut off. */
  unreadSeconds: number;
  priceFeed: PriceFeedSetting;
  symbols: string[];
  /** Addresses of RSS, Atom, RDF and JSON feeds. */
  newsFeeds: string[];
  /** Feeds on loopback addresses may be read too. */
  newsAllowLoopback: boolean;
  /** Days the tape keeps its entries; 0 keeps all. */
  tapeRetentionDays: number;
  /** Days for which an Idempotency-Key is known, so that a retry is answered with what it wrote. */
  idempotencyKeyDays: number;
  /** Megabytes that the newest minute of the tape may take in memory. */
  tapeMemoryMb: number;
  /** How many waiting rows the tape takes before it answers 503. */
  tapeQueueRows: number;
  /** Milliseconds a planned stop may take. */
  shutdownTimeoutMs: number;
  /** Milliseconds for which a stopping instance, no longer ready, goes on serving: a balancer needs them to see it. */
  shutdownDrainMs: number;
}

export type PriceFeedSetting =
  | { kind: "none" }
  | { kind: "simulated" }
  | { kind: "replay"; file: string; speed: number }
  | { kind: "exchange"; id: string };

const MAX_FEEDS = 100;
const MIN_SECRET = 32;
const MIN_PASSWORD = 12;
const MAX_PASSWORD = 1024;
/** Limits where accounts are required; where anyone may write there are none unless they are set. */
const WRITES_PER_MINUTE = 60_000;
const SUBSCRIPTIONS_PER_MINUTE = 6_000;
const STREAMS_PER_ADDRESS = 2_000;
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);
const flag = z.enum(["true", "false", "1", "0"]).transform((value) => value === "true" || value === "1");
const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/, "must be a whole number").transform(Number).pipe(z.number().min(min).max(max));

const environment = z.object({
  NODE_ENV: z.string().default("development"),
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().default("127.0.0.1"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgres:// or postgresql://")
    .optional(),
  DATABASE_POOL_SIZE: wholeNumber(2, 200).default(10),
  DATA_DIR: z.string().default(".data"),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must start with redis:// or rediss://")
    .optional(),
  UPSTASH_REDIS_REST_URL: z.url({ protocol: /^https$/, error: "must be an https:// URL" }).optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  REDIS_CLUSTER: flag.default(false),
  CACHE_TTL_SECONDS: wholeNumber(1, 86_400).default(60),
  AUTH: z.enum(["open", "required"]).optional(),
  AUTH_OPEN_ANYWHERE: flag.default(false),
  READ_AUTH: z.enum(["open", "required"]).default("open"),
  SESSION_SECRET: z.string().min(MIN_SECRET, `must be at least ${MIN_SECRET} characters`).optional(),
  ADMIN_EMAIL: emailAddress.optional(),
  ADMIN_PASSWORD: z
    .string()
    .min(MIN_PASSWORD, `must be at least ${MIN_PASSWORD} characters`)
    .max(MAX_PASSWORD, `must be at most ${MAX_PASSWORD} characters`)
    .optional(),
  ALLOWED_ORIGINS: z.string().default(""),
  TRUST_PROXY: z.string().default(""),
  RATE_LIMIT_WRITES_PER_MINUTE: wholeNumber(0, 100_000_000).optional(),
  RATE_LIMIT_SUBSCRIPTIONS_PER_MINUTE: wholeNumber(0, 100_000_000).optional(),
  RATE_LIMIT_WRONG_KEYS_PER_MINUTE: wholeNumber(1, 1_000_000).default(60),
  RATE_LIMIT_LOGINS_PER_MINUTE: wholeNumber(1, 1_000_000).default(120),
  PASSWORD_QUEUE: wholeNumber(2, 10_000).default(32),
  MAX_SESSIONS_PER_ACCOUNT: wholeNumber(1, 1_000).default(100),
  MAX_STREAMS_PER_ADDRESS: wholeNumber(0, 1_000_000).optional(),
  MAX_MODELS_PER_ACCOUNT: wholeNumber(1, 100_000).default(100),
  MAX_MODELS: wholeNumber(1, 1_000_000).default(25_000),
  MAX_POSITIONS_PER_PORTFOLIO: wholeNumber(1, 1000).default(200),
  MAX_EXPORTS: wholeNumber(0, 10_000).default(32),
  MAX_EXPORTS_PER_ADDRESS: wholeNumber(0, 10_000).default(8),
  UNREAD_SECONDS: wholeNumber(1, 3600).default(20),
  PRICE_FEED: z
    .string()
    .regex(
      /^(simulated|none|replay:.+|exchange:[a-z0-9_]+)$/,
      "must be simulated, none, replay:<csv>[@60x] or exchange:<id>",
    )
    .default("simulated"),
  SYMBOLS: z.string().default("BTC,ETH,SOL,BNB,DOGE,XRP"),
  NEWS_FEEDS: z.string().default(""),
  NEWS_ALLOW_LOOPBACK: flag.default(false),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  TAPE_RETENTION_DAYS: wholeNumber(0, 36_500).default(0),
  IDEMPOTENCY_KEY_DAYS: wholeNumber(1, 36_500).default(30),
  TAPE_MEMORY_MB: wholeNumber(1, 100_000).default(64),
  TAPE_QUEUE_ROWS: wholeNumber(1000, 1_000_000).default(20_000),
  SHUTDOWN_TIMEOUT_MS: wholeNumber(100, 600_000).default(10_000),
  SHUTDOWN_DRAIN_MS: wholeNumber(0, 600_000).default(0),
});

type Environment = Record<string, string | undefined>;

/**
 * Reads the settings from the environment, then `.env.local`, then `.env` in `folder`; the first that names a
 * variable wins, an empty value counts as absent.
 * @throws ConfigError with a sentence that names the bad variable.
 */
export function loadConfig(env: Environment = process.env, folder = process.cwd()): Config {
  const merged = { ...readEnvFile(folder, ".env"), ...readEnvFile(folder, ".env.local"), ...present(env) };
  const result = environment.safeParse(merged);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new ConfigError(`The setting ${issue?.path.join(".")} cannot be used: ${issue?.message}.`);
  }
  const values = result.data;
  const production = values.NODE_ENV === "production";
  const auth = values.AUTH ?? (production ? "required" : "open");
  if (auth === "open" && !LOOPBACK.has(values.HOST) && !values.AUTH_OPEN_ANYWHERE) {
    throw new ConfigError(
      `The setting AUTH=open lets anyone write, and HOST=${values.HOST} is not a loopback address: set AUTH=required, or AUTH_OPEN_ANYWHERE=true if you mean it.`,
    );
  }
  refuseLockedReading(values, auth);
  const byDefault = (limit: number) => (auth === "required" ? limit : 0);
  return {
    port: values.PORT,
    host: values.HOST,
    production,
    logLevel: values.LOG_LEVEL,
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    dataDir: resolve(folder, values.DATA_DIR),
    redisUrl: values.REDIS_URL ?? upstashUrl(values.UPSTASH_REDIS_REST_URL, values.UPSTASH_REDIS_REST_TOKEN),
    redisCluster: values.REDIS_CLUSTER,
    cacheTtlSeconds: values.CACHE_TTL_SECONDS,
    auth,
    authOpenAnywhere: values.AUTH_OPEN_ANYWHERE,
    readAuth: values.READ_AUTH,
    sessionSecret: values.SESSION_SECRET,
    admin: adminOf(values),
    allowedOrigins: parseOrigins(values.ALLOWED_ORIGINS),
    trustProxy: parseTrustProxy(values.TRUST_PROXY),
    writesPerMinute: values.RATE_LIMIT_WRITES_PER_MINUTE ?? byDefault(WRITES_PER_MINUTE),
    subscriptionsPerMinute: values.RATE_LIMIT_SUBSCRIPTIONS_PER_MINUTE ?? byDefault(SUBSCRIPTIONS_PER_MINUTE),
    wrongKeysPerMinute: values.RATE_LIMIT_WRONG_KEYS_PER_MINUTE,
    loginsPerMinute: values.RATE_LIMIT_LOGINS_PER_MINUTE,
    passwordQueue: values.PASSWORD_QUEUE,
    sessionsPerAccount: values.MAX_SESSIONS_PER_ACCOUNT,
    streamsPerAddress: values.MAX_STREAMS_PER_ADDRESS ?? byDefault(STREAMS_PER_ADDRESS),
    maxModelsPerAccount: values.MAX_MODELS_PER_ACCOUNT,
    maxModels: values.MAX_MODELS,
    maxPositionsPerPortfolio: values.MAX_POSITIONS_PER_PORTFOLIO,
    maxExports: values.MAX_EXPORTS,
    exportsPerAddress: values.MAX_EXPORTS_PER_ADDRESS,
    unreadSeconds: values.UNREAD_SECONDS,
    priceFeed: parsePriceFeed(values.PRICE_FEED),
    symbols: parseSymbols(values.SYMBOLS),
    newsFeeds: parseFeeds(values.NEWS_FEEDS),
    newsAllowLoopback: values.NEWS_ALLOW_LOOPBACK,
    tapeRetentionDays: values.TAPE_RETENTION_DAYS,
    idempotencyKeyDays: values.IDEMPOTENCY_KEY_DAYS,
    tapeMemoryMb: values.TAPE_MEMORY_MB,
    tapeQueueRows: values.TAPE_QUEUE_ROWS,
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT_MS,
    shutdownDrainMs: values.SHUTDOWN_DRAIN_MS,
  };
}

function readEnvFile(folder: string, name: string): Environment {
  const file = resolve(folder, name);
  return existsSync(file) ? present(parseDotenv(readFileSync(file))) : {};
}

function present(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}

/** Upstash's REST token is also the password of the same host over the Redis protocol (TLS, port 6379). */
function upstashUrl(url: string | undefined, token: string | undefined): string | undefined {
  if (url === undefined && token === undefined) return undefined;
  if (url === undefined || token === undefined) {
    const missing = url === undefined ? "UPSTASH_REDIS_REST_URL" : "UPSTASH_REDIS_REST_TOKEN";
    throw new ConfigError(`The setting ${missing} is missing: Upstash needs both its URL and its token.`);
  }
  return `rediss://default:${encodeURIComponent(token)}@${new URL(url).hostname}:6379`;
}

function parsePriceFeed(value: string): PriceFeedSetting {
  if (value === "none" || value === "simulated") return { kind: value };
  if (value.startsWith("exchange:")) return { kind: "exchange", id: value.slice("exchange:".length) };
  const [, file, speed] = /^replay:(.+?)(?:@(\d+(?:\.\d+)?)x)?$/.exec(value) ?? [];
  return { kind: "replay", file: file ?? "", speed: Number(speed ?? 1) };
}

function parseSymbols(value: string): string[] {
  const symbols = listOf(value.toUpperCase());
  const bad = symbols.find((symbol) => !isSymbol(symbol));
  if (bad !== undefined)
    throw new ConfigError(
      `The setting SYMBOLS cannot be used: ${bad} is not a symbol (1-32 of A-Z 0-9 . _ / : -).`,
    );
  return [...new Set(symbols)];
}

function parseFeeds(value: string): string[] {
  const feeds = listOf(value);
  for (const [index, address] of feeds.entries()) {
    // The address itself is not told: those of feeds that cost money carry a key.
    const bad = (why: string) =>
      new ConfigError(`The setting NEWS_FEEDS cannot be used: address ${index + 1} ${why}.`);
    if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) throw bad("is no http or https URL");
    const { username, password } = new URL(address);
    if (username !== "" || password !== "") throw bad("has credentials in it");
  }
  if (feeds.length > MAX_FEEDS) {
    throw new ConfigError(`The setting NEWS_FEEDS cannot be used: it names more than ${MAX_FEEDS} feeds.`);
  }
  return [...new Set(feeds)];
}
