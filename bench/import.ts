/**
 * How long it takes to import trades of the old stores, against COPY of the same rows into the same tables:
 * node --import tsx bench/import.ts [--rows 100000] [--rounds 3] [--profile DIR]
 */
import { cpus } from "node:os";
import { Command } from "commander";
import { Redis } from "ioredis";
import pg from "pg";
import { copyIn, copyOut } from "../src/cli/backup/copy-protocol.ts";
import { runProgram } from "./support/children.ts";
import { undoEverything, undoOnSignals } from "./support/cleanup.ts";
import { query, startPostgres } from "./support/postgres.ts";
import { startRedis } from "./support/redis.ts";
import { figureRow, markdownTable, ratioRow } from "./support/report.ts";
import { interleave } from "./support/rounds.ts";

/** As in package.json: rows on their way outlive the default young generation, and a larger one saves a fifth of the CPU. */
const FLAGS = ["--max-semi-space-size=64"];
const TABLES = ["trades", "tape"];
const SYMBOLS = ["BTC", "ETH", "SOL", "BNB", "DOGE", "XRP"];

async function main(): Promise<void> {
  const { rows, rounds, profile } = new Command("bench:import")
    .option("--rows <n>", "how many trades", Number, 100_000)
    .option("--rounds <n>", "how often each way is measured", Number, 3)
    .option(
      "--profile <dir>",
      "write the importer's CPU profiles here; the figures of such a run do not count",
    )
    .parse()
    .opts<{ rows: number; rounds: number; profile?: string }>();
  undoOnSignals();
  try {
    await runProgram(process.execPath, ["bin/build.mjs"]);
    const postgres = await startPostgres();
    const redis = await startRedis();
    const prisma = await postgres.createDatabase("prisma");
    const target = await postgres.createDatabase("target");
    await fillRedis(redis, rows);
    await fillPrisma(prisma, rows);
    const importFrom = async (source: string, address: string): Promise<number> => {
      await empty(target);
      const profiling = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
      const start = performance.now();
      await runProgram(
        process.execPath,
        [...FLAGS, ...profiling, "dist/cli/import.js", source, address, "--yes"],
        {
          env: { ...process.env, DATABASE_URL: target },
        },
      );
      return await checked(target, rows, performance.now() - start);
    };
    await runProgram(process.execPath, ["dist/cli/db.js", "migrate"], {
      env: { ...process.env, DATABASE_URL: target },
    });
    await importFrom("redis", redis);
    const copy = await rowsOf(target);
    const took = await interleave(rounds, [
      { name: "copy", measure: () => timeCopy(target, copy, rows) },
      { name: "redis", measure: () => importFrom("redis", redis) },
      { name: "prisma", measure: () => importFrom("prisma", prisma) },
    ]);
    const [copied, fromRedis, fromPrisma] = ["copy", "redis", "prisma"].map((name) => took.get(name));
    console.log(
      `${cpus().length} × ${cpus()[0]?.model.trim()}; Node ${process.versions.node}, PostgreSQL ${postgres.version}; ${rounds} rounds\n`,
    );
    console.log(
      markdownTable(`Importing ${rows.toLocaleString("en-US")} trades`, [
        ...figureRow("COPY into trades and tape, one transaction", "ms", copied),
        ...figureRow("npm run import -- redis, the whole command", "ms", fromRedis),
        ...figureRow("npm run import -- prisma, the whole command", "ms", fromPrisma),
        ...ratioRow("redis ÷ COPY", fromRedis, copied, { atMost: 3 }),
        ...ratioRow("prisma ÷ COPY", fromPrisma, copied, { atMost: 3 }),
      ]),
    );
  } finally {
    await undoEverything();
  }
}

function trade(n: number) {
  return {
    id: `cmh0${n.toString(36).padStart(8, "0")}`,
    model: `model-${n % 20}`,
    symbol: SYMBOLS[n % SYMBOLS.length],
    side: n % 2 === 0 ? "buy" : "sell",
    qty: (n % 997) / 100 + 0.01,
    price: 60_000 + (n % 10_000) / 4,
    timestamp: new Date(Date.parse("2025-10-01T00:00:00Z") + n * 1000).toISOString(),
    pnl: (n % 401) / 8 - 25,
    status: "closed",
  };
}

/** One list, newest first, as the old playground wrote it. */
async function fillRedis(url: string, rows: number): Promise<void> {
  const redis = new Redis(url);
  await redis.set("trades:list", JSON.stringify(Array.from({ length: rows }, (_, n) => trade(rows - 1 - n))));
  redis.disconnect();
}

async function fillPrisma(url: string, rows: number): Promise<void> {
  await query(
    url,
    `CREATE TABLE "Trade" (id text PRIMARY KEY, model text, symbol text, side text, quantity float8, "priceEntry" float8,
      "priceExit" float8, "profitLoss" float8, status text, timestamp timestamp(3), "createdAt" timestamp(3))`,
  );
  const all = JSON.stringify(Array.from({ length: rows }, (_, n) => trade(n)));
  await query(
    url,
    `INSERT INTO "Trade" SELECT id, model, symbol, side, qty, price, NULL, pnl, status, timestamp, timestamp
     FROM json_to_recordset($1) AS t(id text, model text, symbol text, side text, qty float8, price float8, pnl float8,
       status text, timestamp timestamp(3))`,
    [all],
  );
}

async function empty(url: string): Promise<void> {
  await query(url, `TRUNCATE ${TABLES.join(", ")}`);
  await query(url, "UPDATE tape_head SET seq = 0, trades_seq = 0");
}

async function rowsOf(url: string): Promise<Map<string, Buffer[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const all = new Map<string, Buffer[]>();
  for (const table of TABLES) {
    const pieces: Buffer[] = [];
    for await (const piece of copyOut(client, `COPY ${table} TO STDOUT`)) pieces.push(piece);
    all.set(table, pieces);
  }
  await client.end();
  return all;
}

/** Milliseconds to copy the tables' rows, indexes and commit included. */
async function timeCopy(url: string, tables: Map<string, Buffer[]>, rows: number): Promise<number> {
  await empty(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const start = performance.now();
  await client.query("BEGIN");
  for (const [table, pieces] of tables) await copyIn(client, `COPY ${table} FROM STDIN`, stream(pieces));
  await client.query("COMMIT");
  const took = performance.now() - start;
  await client.end();
  return await checked(url, rows, took);
}

async function* stream(pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

/** A measurement in which a row is missing gives no figure. */
async function checked(url: string, rows: number, took: number): Promise<number> {
  const [counted] = await query(
    url,
    "SELECT (SELECT count(*) FROM trades) AS trades, (SELECT count(*) FROM tape) AS tape",
  );
  if (Number(counted?.trades) !== rows || Number(counted?.tape) !== rows) {
    throw new Error(`${counted?.trades} trades and ${counted?.tape} entries in place of ${rows}`);
  }
  return Math.round(took);
}

await main();
