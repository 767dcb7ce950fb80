/**
 * What a read costs over 1,000,000 trades against 1,000, each read on both servers in turn, and the CSV export's rate.
 * Run: npm run bench:growth [-- --rows 1000000 --rounds 40]
 */
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { undoEverything, undoOnSignals } from "./support/cleanup.ts";
import { type PostgresServer, startPostgres } from "./support/postgres.ts";
import { figureRow, markdownTable, type Row, ratioRow, show } from "./support/report.ts";
import { interleave } from "./support/rounds.ts";
import { CHOOSY_MODEL, GROWTH_SYMBOLS, OPEN_MODEL, seedGrowth } from "./support/seed-growth.ts";
import { type RunningServer, startProduct } from "./support/servers.ts";

const FEW = 1_000;
const GOAL = { atMost: 1.2 };
/** Requests in a row of each measurement: the middle one counts. */
const REQUESTS = 9;
const EXPORTS = 3;

const model = encodeURIComponent(OPEN_MODEL);
const choosy = encodeURIComponent(CHOOSY_MODEL);
const rarest = GROWTH_SYMBOLS.at(-1);
// Where the larger one would have more to answer, both are asked for one.
const READS: Record<string, string> = {
  "a model's equity curve": `/api/portfolio/history?model=${model}`,
  "a stretch of it": `/api/portfolio/history?model=${model}&from=2026-01-01T00:05:00Z&to=2026-01-01T00:15:00Z`,
  "the tape, a channel with no entry": "/api/tape?channels=sentiments",
  "the tape, a model and a symbol that are not there":
    "/api/tape?channels=trades/model/nobody,trades/symbol/NONE",
  "the tape, a model, its first ten": `/api/tape?channels=trades/model/${model}&limit=10`,
  "trades, open": "/api/trades?status=open&limit=1",
  "trades, open, of a model": `/api/trades?status=open&model=${model}&limit=1`,
  "trades, a model and a symbol that rarely meet": `/api/trades?model=${choosy}&symbol=${rarest}`,
  "trades, newest": "/api/trades?limit=50",
};

interface Options {
  rows: number;
  rounds: number;
}

async function main(): Promise<void> {
  const options = new Command("bench/growth")
    .option("--rows <n>", "trades of the larger one", Number, 1_000_000)
    .option("--rounds <n>", "how often each read is measured", Number, 10)
    .parse()
    .opts<Options>();
  undoOnSignals();
  try {
    const postgres = await startPostgres();
    const few = await startWith(postgres, "few", FEW);
    const many = await startWith(postgres, "many", options.rows);
    const size = options.rows.toLocaleString("en-US");
    const rows: Row[] = [];
    for (const [what, path] of Object.entries(READS)) {
      const first = await milliseconds(() => read(many, path));
      const times = await interleave(options.rounds, [
        { name: "few", measure: () => timeOf(few, path) },
        { name: "many", measure: () => timeOf(many, path) },
      ]);
      rows.push(
        ...figureRow(`${what}, over ${size} (the very first: ${show(first)})`, "ms", times.get("many")),
        ...ratioRow(what, times.get("many"), times.get("few"), GOAL),
      );
    }
    console.log(markdownTable(`A read over ${size} trades ÷ over 1,000`, rows));
    console.log(await exportRates(many, options.rows));
  } finally {
    await undoEverything();
  }
}

/** A server over so many trades, whose board has been made: that no longer competes with what is measured. */
async function startWith(postgres: PostgresServer, name: string, trades: number): Promise<RunningServer> {
  // Without Redis: an answer that is kept would cost the same over any number.
  const home = {
    databaseUrl: await postgres.createDatabase(`growth_${name}`),
    redisUrl: "",
    profiles: undefined,
  };
  await (await startProduct(home)).stop();
  const took = await milliseconds(() => seedGrowth(home.databaseUrl, trades));
  const server = await startProduct(home);
  while ((await fetch(address(server, "/api/leaderboard"))).status === 503);
  console.log(`${name}: ${trades.toLocaleString("en-US")} trades written in ${show(took)} ms`);
  return server;
}

const address = ({ port }: RunningServer, path: string) => `http://127.0.0.1:${port}${path}`;

async function read(server: RunningServer, path: string): Promise<void> {
  const answer = await fetch(address(server, path));
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${text}`);
}

async function timeOf(server: RunningServer, path: string): Promise<number> {
  const times: number[] = [];
  for (let request = 0; request < REQUESTS; request++) {
    times.push(await milliseconds(() => read(server, path)));
  }
  return times.sort((a, b) => a - b)[Math.floor(REQUESTS / 2)] as number;
}

/** All trades as CSV, and what the server's memory grew by at most meanwhile. */
async function exportRates(server: RunningServer, trades: number): Promise<string> {
  const rates: string[] = [];
  let most = 0;
  const before = await residentBytes(server);
  for (let turn = 0; turn < EXPORTS; turn++) {
    const took = await milliseconds(async () => {
      const answer = await fetch(address(server, "/api/trades?format=csv"));
      let lines = 0;
      for await (const chunk of answer.body ?? []) {
        for (const byte of chunk as Uint8Array) if (byte === 10) lines++;
        most = Math.max(most, await residentBytes(server));
      }
      if (lines !== trades + 1) throw new Error(`the export has ${lines} lines, not ${trades + 1}`);
    });
    rates.push(show((trades / took) * 1000));
  }
  return `CSV: ${rates.join(", ")} rows/s (goal ≥ 100,000); memory of the server grew by at most ${show((most - before) / 1024 ** 2)} MB`;
}

async function residentBytes(server: RunningServer): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

await main();
