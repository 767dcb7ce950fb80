import { getRequest, saturate } from "../support/http-load.ts";
import type { Plan } from "../support/plan.ts";
import { query } from "../support/postgres.ts";
import { figureRow, type Row, ratioRow } from "../support/report.ts";
import { type Contestant, interleave } from "../support/rounds.ts";
import { seedTrades } from "../support/seed.ts";
import { productHome, type RunningServer, startNaive, startProduct } from "../support/servers.ts";

const STORED = 10_000;
const LIMIT = 50;
const PATH = `/api/trades?limit=${LIMIT}`;

/** The newest 50 of 10,000 trades: cached by the product, read with findAll by the naive server. */
export async function measureReads(plan: Plan): Promise<Row[]> {
  const naive = await startNaive(plan.postgres, "reads");
  await seedNaive(naive);
  const contestants: Contestant<number>[] = [
    { name: "naive", measure: () => readsPerSecond(naive, plan.seconds) },
  ];
  let product: RunningServer | undefined;
  if (!plan.yardsticksOnly) {
    const started = await startProduct(await productHome(plan.postgres, "reads", plan.profiles));
    await seedTrades(started.port, STORED);
    contestants.push({ name: "product", measure: () => readsPerSecond(started, plan.seconds) });
    product = started;
  }
  const rates = await interleave(plan.rounds, contestants);
  await Promise.all([naive.stop(), product?.stop()]);

  const [ours, theirs] = [rates.get("product"), rates.get("naive")];
  return [
    ...figureRow(`naive server, findAll of ${LIMIT}`, "reads/s", theirs),
    ...figureRow("trading-playground, cached", "reads/s", ours),
    ...ratioRow("trading-playground ÷ naive", ours, theirs, { atLeast: 10 }),
  ];
}

async function readsPerSecond(server: RunningServer, seconds: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${PATH}`);
  const { trades } = (await answer.json()) as { trades: unknown[] };
  if (trades.length !== LIMIT) throw new Error(`GET ${PATH} answered ${trades.length} trades`);
  return (await saturate(server.port, [getRequest(server.port, PATH)], seconds)).counted / seconds;
}

async function seedNaive(server: RunningServer): Promise<void> {
  await query(
    server.databaseUrl,
    `insert into trades (model, symbol, side, qty, price, pnl, status, "timestamp", created_at, updated_at)
     select 'gpt-5', 'BTC', 'buy', n / 100.0, 64250.5, 12.75, 'closed', now(), now(), now()
     from generate_series(1, $1::int) n`,
    [STORED],
  );
  await query(server.databaseUrl, "vacuum analyze trades");
}
