/**
 * Reading the leaderboard of 1,000,000 trades against one of 1,000, and 100 readers of one model's analytics at once.
 * Run: npm run bench:leaderboard [-- --seconds 3 --rounds 5 --trades 1000000]
 */
import { Command } from "commander";
import { undoEverything, undoOnSignals } from "./support/cleanup.ts";
import { getRequest, saturate } from "./support/http-load.ts";
import { type PostgresServer, query, startPostgres } from "./support/postgres.ts";
import { figureRow, markdownTable, ratioRow, show } from "./support/report.ts";
import { interleave } from "./support/rounds.ts";
import { productHome, type RunningServer, startProduct } from "./support/servers.ts";

const FEW = 1_000;
const MODELS = 6;
const READERS = 100;
const PATH = "/api/leaderboard";
const MODEL = "model 1";

interface Options {
  seconds: number;
  rounds: number;
  trades: number;
}

async function main(): Promise<void> {
  const options = new Command("bench/leaderboard")
    .option("--seconds <n>", "seconds of each measurement, after one of warm-up", Number, 3)
    .option("--rounds <n>", "how often each server is measured", Number, 5)
    .option("--trades <n>", "trades of the larger one", Number, 1_000_000)
    .parse()
    .opts<Options>();
  undoOnSignals();
  try {
    const postgres = await startPostgres();
    const few = await startWith(postgres, "few", FEW);
    const many = await startWith(postgres, "many", options.trades);
    const rates = await interleave(options.rounds, [
      { name: "few", measure: () => readsPerSecond(few, options.seconds) },
      { name: "many", measure: () => readsPerSecond(many, options.seconds) },
    ]);
    const size = options.trades.toLocaleString("en-US");
    const rows = [
      ...figureRow("1,000 trades", "reads/s", rates.get("few")),
      ...figureRow(`${size} trades`, "reads/s", rates.get("many")),
      // The cost of a read is what a second is divided by.
      ...ratioRow(`cost of a read, ${size} ÷ 1,000 trades`, rates.get("few"), rates.get("many"), {
        atMost: 1.2,
      }),
    ];
    console.log(markdownTable(`GET ${PATH}, ${MODELS} models, 64 connections`, rows));
    console.log(await analyticsAtOnce(many));
    console.log(await startAgain(postgres, many));
  } finally {
    await undoEverything();
  }
}

/** A server over so many trades, written by SQL, whose board has been read once. */
async function startWith(postgres: PostgresServer, name: string, trades: number): Promise<RunningServer> {
  const home = await productHome(postgres, name, undefined);
  const first = await startProduct(home);
  await first.stop();
  await seed(home.databaseUrl, trades);
  const server = await startProduct(home);
  const took = await milliseconds(() => checkBoard(server, trades));
  console.log(`${name}: ${trades.toLocaleString("en-US")} trades scored from the tables in ${show(took)} ms`);
  return server;
}

/** Closed trades of all models a second apart, a tape that keeps only the last of them, and no saved board. */
async function seed(databaseUrl: string, trades: number): Promise<void> {
  await query(
    databaseUrl,
    `INSERT INTO trades (id, seq, model, symbol, side, qty, price, pnl, "timestamp", exit_price, fee, opened_at,
       closed_at, created_at)
     SELECT 'seeded-' || n, n, 'model ' || n % ${MODELS}, 'BTC', 'buy', (n % 50 + 1) / 100.0, 64250.5, n % 21 - 10,
       t, 64260.25, 0.05, t - interval '1 hour', t, t
     FROM generate_series(1, $1::int) n, LATERAL (SELECT '2026-01-01'::timestamptz + n * interval '1 second') at(t)`,
    [trades],
  );
  await query(
    databaseUrl,
    `INSERT INTO tape (seq, kind, model, symbol, at, data)
     SELECT seq, 'trade', model, symbol, created_at, '{}'::json FROM trades WHERE seq = $1::int`,
    [trades],
  );
  await query(databaseUrl, "UPDATE tape_head SET seq = $1::int, trades_seq = $1::int, oldest = $1::int", [
    trades,
  ]);
  await query(databaseUrl, "DELETE FROM scoreboard_checkpoints");
  await query(databaseUrl, "VACUUM ANALYZE trades");
}

async function readsPerSecond(server: RunningServer, seconds: number): Promise<number> {
  return (await saturate(server.port, [getRequest(server.port, PATH)], seconds)).counted / seconds;
}

async function checkBoard(server: RunningServer, trades: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${server.port}${PATH}`);
    // It is still being worked out: a read waits for some seconds and then says to come again.
    if (answer.status === 503) continue;
    const { leaderboard } = (await answer.json()) as { leaderboard: { trades: number }[] };
    const counted = leaderboard.reduce((sum, row) => sum + row.trades, 0);
    if (counted !== trades) throw new Error(`the leaderboard counts ${counted} trades, not ${trades}`);
    return;
  }
}

async function analyticsAtOnce(server: RunningServer): Promise<string> {
  const before = await computations(server);
  const path = `http://127.0.0.1:${server.port}/api/models/${encodeURIComponent(MODEL)}/analytics`;
  const took = await milliseconds(async () => {
    const answers = await Promise.all(Array.from({ length: READERS }, () => fetch(path)));
    if (answers.some(({ status }) => status !== 200)) throw new Error("an answer was not 200");
  });
  const times = (await computations(server)) - before;
  const again = await milliseconds(() => fetch(path).then((answer) => answer.text()));
  return `analytics: ${READERS} readers at once in ${show(took)} ms, worked out ${times} time(s); one more in ${show(again)} ms`;
}

async function computations(server: RunningServer): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  return Number(/^trading_playground_analytics_computed_total (\S+)$/m.exec(text)?.[1]);
}

/** From the board that the last stop saved. */
async function startAgain(postgres: PostgresServer, server: RunningServer): Promise<string> {
  await server.stop();
  const home = await productHome(postgres, "again", undefined);
  const next = await startProduct({ ...home, databaseUrl: server.databaseUrl });
  const took = await milliseconds(() =>
    fetch(`http://127.0.0.1:${next.port}${PATH}`).then((answer) => answer.text()),
  );
  return `after a restart the first read took ${show(took)} ms`;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

await main();
