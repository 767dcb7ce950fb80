/**
 * What the scoreboard of many models costs an instance: memory beside one of few models, a first page over REST, and the
 * longest that the event loop stood still while prices moved every row. Beside it the first analytics of a model of
 * 50,000 trades.
 * Run: npm run bench:board [-- --models 10000 --trades 100]
 */
import { Command } from "commander";
import { undoEverything, undoOnSignals } from "./support/cleanup.ts";
import { type PostgresServer, query, startPostgres } from "./support/postgres.ts";
import { show } from "./support/report.ts";
import { type RunningServer, startProduct } from "./support/servers.ts";

const FEW = 10;
const BIG_TRADES = 50_000;
const MOVES = 40;
const MOVE_EVERY_MS = 250;

interface Options {
  models: number;
  trades: number;
}

async function main(): Promise<void> {
  const options = new Command("bench/board-size")
    .option("--models <n>", "models of the larger board", Number, 10_000)
    .option("--trades <n>", "closed trades of each", Number, 100)
    .parse()
    .opts<Options>();
  undoOnSignals();
  try {
    const postgres = await startPostgres();
    const few = await startWith(postgres, "few", FEW, options.trades);
    const many = await startWith(postgres, "many", options.models, options.trades);
    const bytes = (await heapOf(many)) - (await heapOf(few));
    console.log(
      `${options.models} models: ${show(bytes / 1e6)} MB of heap beside ${FEW} models, ${show(bytes / options.models / 1e3)} kB a model`,
    );
    const page = `http://127.0.0.1:${many.port}/api/leaderboard`;
    console.log(`a page of 1,000 rows: ${show(await milliseconds(() => read(page)))} ms`);
    console.log(`the same again: ${show(await milliseconds(() => read(page)))} ms`);
    console.log(`while every price moves: ${await movePrices(many, page)}`);
    const big = `http://127.0.0.1:${many.port}/api/models/big/analytics`;
    console.log(`first analytics of ${BIG_TRADES} trades: ${show(await milliseconds(() => read(big)))} ms`);
  } finally {
    await undoEverything();
  }
}

async function startWith(
  postgres: PostgresServer,
  name: string,
  models: number,
  trades: number,
): Promise<RunningServer> {
  const home = {
    databaseUrl: await postgres.createDatabase(`board_${name}`),
    redisUrl: "",
    profiles: undefined,
  };
  const first = await startProduct(home);
  await first.stop();
  const all = models * trades + BIG_TRADES;
  await query(
    home.databaseUrl,
    `INSERT INTO trades (id, seq, model, symbol, side, qty, price, pnl, "timestamp", exit_price, fee, opened_at,
       closed_at, created_at)
     SELECT 'seeded-' || n, n, CASE WHEN n > $1::int * $2::int THEN 'big' ELSE 'model ' || n % $1::int END, 'BTC', 'buy',
       (n % 997 + 1) / 100.0, 64250.5 + n % 89, (n % 2003 * 7919 % 2001 - 1000) / 100.0, t, 64260.25, 0.05,
       t - n % 5003 * interval '1 second', t, t
     FROM generate_series(1, $3::int) n, LATERAL (SELECT '2026-01-01'::timestamptz + n * interval '1 second') at(t)`,
    [models, trades, all],
  );
  await query(
    home.databaseUrl,
    `INSERT INTO portfolios (model, seq, starting_balance, balance, positions, last_update)
     SELECT 'model ' || n, $2::int + 1 + n, 10000, 10000 + n % 100, ('[{"symbol":"BTC","qty":' || n % 7 + 1 ||
       ',"avg_price":64000},{"symbol":"ETH","qty":-2,"avg_price":3000}]')::json, '2026-02-01'
     FROM generate_series(0, $1::int - 1) n`,
    [models, all],
  );
  const head = all + models + 1;
  await query(
    home.databaseUrl,
    "UPDATE tape_head SET seq = $1::int, trades_seq = $1::int, oldest = $1::int + 1",
    [head],
  );
  await query(home.databaseUrl, "DELETE FROM scoreboard_checkpoints");
  await query(home.databaseUrl, "VACUUM ANALYZE trades, portfolios");
  const server = await startProduct(home);
  const took = await milliseconds(() => read(`http://127.0.0.1:${server.port}/api/leaderboard?limit=1`));
  console.log(`${name}: ${all} trades of ${models + 1} models scored from the tables in ${show(took)} ms`);
  return server;
}

/** A read waits for some seconds while the board is worked out, and is then told to come again. */
async function read(url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(url);
    const text = await answer.text();
    if (answer.status === 200) return text;
    if (answer.status !== 503) throw new Error(`${url} answered ${answer.status}: ${text}`);
  }
}

/** The smallest of some looks: what waits to be collected is not the board's. */
async function heapOf(server: RunningServer): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 20; look++) {
    looks.push(await metric(server, "nodejs_heap_size_used_bytes"));
    for (let times = 0; times < 20; times++)
      await read(`http://127.0.0.1:${server.port}/api/leaderboard?limit=100`);
  }
  return Math.min(...looks);
}

async function metric(server: RunningServer, name: string): Promise<number> {
  const text = await read(`http://127.0.0.1:${server.port}/metrics`);
  return Number(new RegExp(`^(?:\\w+_)?${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text)?.[1]);
}

/** Prices move and the page is read; how long a look at /healthz waits says how long others are held up. */
async function movePrices(server: RunningServer, page: string): Promise<string> {
  const waits: number[] = [];
  for (let move = 0; move < MOVES; move++) {
    const prices = [
      { symbol: "BTC", price: 64_000 + move },
      { symbol: "ETH", price: 3_000 + move },
    ];
    await fetch(`http://127.0.0.1:${server.port}/api/market/prices`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ prices }),
    });
    const reading = read(page);
    waits.push(await milliseconds(() => read(`http://127.0.0.1:${server.port}/healthz`)));
    await reading;
    await new Promise((resolve) => setTimeout(resolve, MOVE_EVERY_MS));
  }
  waits.sort((a, b) => a - b);
  return `/healthz waits ${show(waits[MOVES >> 1] ?? 0)} ms (p50), at most ${show(waits.at(-1) ?? 0)} ms`;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

await main();
