import { gzipSync } from "node:zlib";
import { Redis } from "ioredis";
import { Client } from "pg";

/** A bcrypt hash as the old playground made them. */
export const BCRYPT = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

const MINUTE_MS = 60_000;
const START = Date.parse("2025-10-01T00:00:00Z");
const moment = (minute: number) => new Date(START + minute * MINUTE_MS).toISOString();

/** A trade as the old playground put it on its list. */
export function oldTrade(index: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `old-${index}`,
    model: `model-${index % 4}`,
    symbol: "BTC",
    side: index % 2 === 0 ? "buy" : "sell",
    qty: 0.1 + index / 10,
    price: 60_000.25 + index,
    timestamp: moment(index),
    pnl: index - 3.5,
    status: "closed",
    ...fields,
  };
}

/** What early writers, which nobody checked, left on the list; all of them can be taken over. */
export const ODD_TRADES = [
  oldTrade(100, { id: undefined, symbol: "eth", qty: "0.5", price: "2500.10", pnl: "1e-7" }),
  oldTrade(101, { id: 1759363260000, model: "Claude%20Sonnet%204.5", side: "BUY" }),
  oldTrade(102, { timestamp: START + 102 * MINUTE_MS, pnl: null, status: undefined }),
  oldTrade(103, {
    id: undefined,
    model: "Claude Sonnet 4.5",
    timestamp: "2025-10-01 01:43:00",
    confidence: 0.7,
  }),
];
/** And what nobody can take over. */
export const BROKEN_TRADES = [
  oldTrade(200, { qty: undefined }),
  oldTrade(201, { id: undefined, side: "hold", price: "cheap" }),
  "no object",
];

/** Fills a Redis as the old playground left it, hazards included: 20 + 4 trades that can be taken over, 3 that cannot. */
export async function fillOldRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  const put = (key: string, value: unknown) => redis.set(key, JSON.stringify(value));
  const trades = [
    ...Array.from({ length: 20 }, (_, index) => oldTrade(index)),
    ...ODD_TRADES,
    ...BROKEN_TRADES,
  ];
  const points = [0, 1, 2].map((minute) => ({ t: START + minute * MINUTE_MS, p: 60_000.5 + minute, c: 1 }));
  const position = { symbol: "btc", qty: -0.5, avg_price: "64000.5", pnl: 3 };
  try {
    await put("trades:list", trades.reverse());
    await put("portfolio:model-0", {
      model: "model-0",
      balance: 10_120.5,
      positions: [position],
      last_update: moment(30),
    });
    await put("portfolio:model-1", {
      model: "model-1",
      balance: "9800",
      positions: null,
      last_update: START,
    });
    await put("portfolio:Claude%20Sonnet%204.5", { balance: 1, positions: [], last_update: moment(1) });
    await put("portfolio:Claude Sonnet 4.5", { balance: 10_001, positions: [], last_update: moment(2) });
    await redis.set("portfolio:model-2", "null");
    await put("portfolio:model-3", { model: "model-3", balance: -5, positions: [{ symbol: "BTC" }] });
    await put("sentiment:logs", [
      {
        id: "s2",
        text: "Bitcoin falls",
        label: "NEGATIVE",
        score: -0.4,
        timestamp: START + 2,
        symbol: "btc",
      },
      { id: "s1", text: "To the moon", label: "positive", score: 3, timestamp: START + 1, symbol: "BTC" },
      { id: "s0", text: "Nothing happens", label: "neutral", score: 0, timestamp: START },
    ]);
    await put("sentiment:perCoin", { BTC: { avg: 0.1, count: 2, updated: START } });
    await put("sentiment:history:BTC", { "2025-10-01": 0.1 });
    await put("market:BTC", { price_usd: 60_000, timestamp: START });
    await put("market:ETH", { symbol: "ETH", price: 2500, change_24h: 1, history: [] });
    await put("history:BTC:v1:meta", { compressed: false, years: [2025] });
    await redis.set("history:BTC:v1:year:2025", gzipSync(JSON.stringify(points)).toString("base64"));
    await put("history:ETH:v1:year:2025", points);
    await put(`history:BTC:v1:backup:${START}`, {});
    await put("errors:logs", []);
    await put("hf:status", "ok");
  } finally {
    redis.disconnect();
  }
}

const TABLES = `
  CREATE TABLE "Trade" (
    id text PRIMARY KEY, model text NOT NULL, symbol text NOT NULL, side text NOT NULL,
    quantity double precision NOT NULL, "priceEntry" double precision NOT NULL, "priceExit" double precision,
    "profitLoss" double precision NOT NULL DEFAULT 0, status text NOT NULL DEFAULT 'closed',
    timestamp timestamp(3) NOT NULL DEFAULT now(), "createdAt" timestamp(3) NOT NULL DEFAULT now());
  CREATE TABLE "Portfolio" (
    id text PRIMARY KEY, model text NOT NULL UNIQUE, balance double precision NOT NULL, positions jsonb,
    "updatedAt" timestamp(3) NOT NULL);
  CREATE TABLE "Sentiment" (
    id text PRIMARY KEY, symbol text NOT NULL, score double precision NOT NULL, label text NOT NULL,
    source text NOT NULL, timestamp timestamp(3) NOT NULL DEFAULT now(), "createdAt" timestamp(3) NOT NULL DEFAULT now());
  CREATE TABLE "User" (
    id text PRIMARY KEY, name text, email text NOT NULL UNIQUE, "emailVerified" timestamp(3), image text,
    password text, role text NOT NULL DEFAULT 'user', "createdAt" timestamp(3) NOT NULL DEFAULT now());
  CREATE TABLE "Session" (id text PRIMARY KEY, "sessionToken" text NOT NULL);
  CREATE TABLE "Account" (id text PRIMARY KEY);
  CREATE TABLE "VerificationToken" (token text PRIMARY KEY)`;

/** Fills a database as the playground on Prisma left it: 22 trades, of which one cannot be taken over. */
export async function fillPrisma(url: string, schema = "public"): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"; SET search_path = "${schema}"; ${TABLES}`);
    await client.query(`
      INSERT INTO "Trade" SELECT 'cl' || n, 'model-' || n % 4, 'BTC', CASE WHEN n % 2 = 0 THEN 'buy' ELSE 'SELL' END,
        0.1 + n::float8 / 10, 60000.25 + n, CASE WHEN n > 2 THEN 60001.5 + n END, n - 3.5, 'closed',
        timestamp '2025-10-01' + n * interval '1 minute', timestamp '2025-10-01' + n * interval '1 minute'
      FROM generate_series(0, 19) AS n`);
    await client.query(`
      INSERT INTO "Trade" VALUES
        ('cl-open', 'model-1', 'eth', 'long', 1e-7, 2500.1, NULL, 0, 'OPEN', '2025-10-02', '2025-10-02'),
        ('cl-bad', 'model-1', 'BTC', 'buy', 0, 'NaN', NULL, 0, 'closed', '2025-10-02', '2025-10-02')`);
    await client.query(
      `INSERT INTO "Portfolio" VALUES ('p1', 'model-0', 10120.5, $1, '2025-10-03'),
        ('p2', 'model-1', 9800, 'null', '2025-10-03'), ('p3', 'model-2', 9900, NULL, '2025-10-03')`,
      [JSON.stringify([{ symbol: "BTC", qty: 0.1, avg_price: 60_000.1234, pnl: null }])],
    );
    await client.query(`
      INSERT INTO "Sentiment" VALUES ('sn1', 'BTC', 0.1, 'positive', 'news', '2025-10-01', '2025-10-01'),
        ('sn2', 'eth', -0.25, 'negative', 'twitter', '2025-10-02', '2025-10-02')`);
    await client.query(
      `INSERT INTO "User" (id, name, email, password, role) VALUES ('u1', 'Ada', 'Ada@Example.org', $1, 'admin'),
        ('u2', NULL, 'bob@example.org', 'plain text', 'moderator'), ('u3', 'Eve', 'no address', NULL, 'user')`,
      [BCRYPT],
    );
    await client.query(`INSERT INTO "Session" VALUES ('a', 'secret')`);
  } finally {
    await client.end();
  }
}
