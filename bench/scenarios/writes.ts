import type { Dialect } from "../support/frames.ts";
import { saturate } from "../support/http-load.ts";
import { preparePgbench } from "../support/pgbench.ts";
import type { Plan } from "../support/plan.ts";
import { figureRow, type Row, ratioRow } from "../support/report.ts";
import { type Contestant, interleave } from "../support/rounds.ts";
import { productHome, type RunningServer, startNaive, startProduct } from "../support/servers.ts";
import { SUBSCRIBERS, subscribe } from "../support/subscribers.ts";
import { tradeRequests } from "../support/trades.ts";

const WATCHED = `${SUBSCRIBERS} subscribers`;

/** POST /api/trades, durable, against the naive server and PostgreSQL alone; then with 200 subscribers watching. */
export async function measureWrites(plan: Plan): Promise<Row[]> {
  const pgbench = await preparePgbench(plan.postgres);
  const naive = await startNaive(plan.postgres, "writes");
  const product = plan.yardsticksOnly
    ? undefined
    : await startProduct(await productHome(plan.postgres, "writes", plan.profiles));

  const contestants: Contestant<number>[] = [
    { name: "pgbench", measure: () => pgbench.insertFor(plan.seconds, "simple") },
    { name: "pgbench, prepared", measure: () => pgbench.insertFor(plan.seconds, "prepared") },
    { name: "naive", measure: () => writesPerSecond(naive, plan.seconds) },
    { name: `naive, ${WATCHED}`, measure: () => watchedWritesPerSecond(naive, "naive", plan.seconds) },
  ];
  if (product !== undefined) {
    contestants.splice(3, 0, { name: "product", measure: () => writesPerSecond(product, plan.seconds) });
    const measure = () => watchedWritesPerSecond(product, "tape", plan.seconds);
    contestants.push({ name: `product, ${WATCHED}`, measure });
  }
  const rates = await interleave(plan.rounds, contestants);
  await Promise.all([naive.stop(), product?.stop()]);

  const [ours, oursWatched] = [rates.get("product"), rates.get(`product, ${WATCHED}`)];
  const [simple, prepared] = [rates.get("pgbench"), rates.get("pgbench, prepared")];
  const [theirs, theirsWatched] = [rates.get("naive"), rates.get(`naive, ${WATCHED}`)];
  return [
    ...figureRow("pgbench, 16 clients, one row a transaction", "inserts/s", simple),
    ...figureRow("pgbench, the same with prepared statements", "inserts/s", prepared),
    ...figureRow("naive server", "writes/s", theirs),
    ...figureRow("trading-playground", "writes/s", ours),
    ...ratioRow("trading-playground ÷ naive", ours, theirs, { atLeast: 8 }),
    ...ratioRow("trading-playground ÷ pgbench", ours, simple, { atLeast: 0.7 }),
    ...ratioRow("trading-playground ÷ pgbench, prepared", ours, prepared, { atLeast: 0.7 }),
    ...figureRow(`naive server, ${WATCHED}`, "writes/s", theirsWatched),
    ...figureRow(`trading-playground, ${WATCHED}`, "writes/s", oursWatched),
    ...ratioRow(`trading-playground ÷ naive, ${WATCHED}`, oursWatched, theirsWatched, { atLeast: 15 }),
  ];
}

async function writesPerSecond(server: RunningServer, seconds: number): Promise<number> {
  const { counted } = await saturate(server.port, tradeRequests(server.port), seconds);
  return counted / seconds;
}

/** The same, and every subscriber must have got every trade for the figure to count. */
async function watchedWritesPerSecond(
  server: RunningServer,
  dialect: Dialect,
  seconds: number,
): Promise<number> {
  const subscribers = await subscribe(server.port, dialect);
  const { counted, succeeded } = await saturate(server.port, tradeRequests(server.port), seconds);
  await subscribers.receivedEach(succeeded);
  await subscribers.disconnect();
  return counted / seconds;
}
