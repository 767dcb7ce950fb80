import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./children.ts";
import { undoLater } from "./cleanup.ts";
import { type PostgresServer, query } from "./postgres.ts";

/** Sixteen clients that each insert one row a transaction: what PostgreSQL itself does without any server before it. */
export interface Pgbench {
  /** Inserts for that long; returns transactions a second. `simple` sends SQL text, `prepared` plans it once. */
  insertFor(seconds: number, protocol: "simple" | "prepared"): Promise<number>;
}

const CLIENTS = 16;
const THREADS = 2;

const TABLE = `create table trades (
  id bigint generated always as identity primary key, model text not null, symbol text not null, side text not null,
  qty numeric not null, price numeric not null, pnl numeric not null, status text not null,
  "timestamp" timestamptz not null, created_at timestamptz not null default now())`;

const INSERT = `\\set lot random(1, 500)
insert into trades (model, symbol, side, qty, price, pnl, status, "timestamp")
values ('gpt-5', 'BTC', 'buy', :lot / 100.0, 64250.5, 12.75, 'closed', now());
`;

/** Prepares the table, which like the naive server's has no index besides its key, and the script. */
export async function preparePgbench(postgres: PostgresServer): Promise<Pgbench> {
  const url = await postgres.createDatabase("pgbench");
  await query(url, TABLE);
  const directory = await mkdtemp(join(tmpdir(), "bench-pgbench-"));
  undoLater(() => rm(directory, { recursive: true, force: true }));
  const script = join(directory, "insert.sql");
  await writeFile(script, INSERT);

  const program = postgres.binaries === undefined ? "pgbench" : join(postgres.binaries, "pgbench");
  const fixed = ["-n", "-f", script, "-c", String(CLIENTS), "-j", String(THREADS)];
  return {
    async insertFor(seconds, protocol) {
      const output = await runProgram(program, [...fixed, "-M", protocol, "-T", String(seconds), url]);
      const rate = /tps = ([\d.]+)/.exec(output)?.[1];
      if (rate === undefined) throw new Error(`pgbench said nothing of tps: ${output}`);
      return Number(rate);
    },
  };
}
