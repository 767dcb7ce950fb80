import { cpuSeconds } from "../support/cpu.ts";
import { saturate } from "../support/http-load.ts";
import type { Plan } from "../support/plan.ts";
import { figureRow, type Row, ratioRow } from "../support/report.ts";
import { type Contestant, interleave } from "../support/rounds.ts";
import { productHome, type RunningServer, startProduct, startRawWs } from "../support/servers.ts";
import { SUBSCRIBERS, subscribe } from "../support/subscribers.ts";
import { tradeRequests } from "../support/trades.ts";

/** One measurement: the server's CPU seconds from before the first write to after the last delivery. */
interface Cost {
  readonly cpu: number;
  readonly written: number;
  readonly delivered: number;
}

/** What one trade delivered to one of 200 subscribers costs the server, against a bare `ws` broadcast. */
export async function measureFanout(plan: Plan): Promise<Row[]> {
  const raw = await startRawWs();
  const contestants: Contestant<Cost>[] = [{ name: "raw ws", measure: () => rawCost(raw, plan.seconds) }];
  let product: RunningServer | undefined;
  if (!plan.yardsticksOnly) {
    const started = await startProduct(await productHome(plan.postgres, "fanout", plan.profiles));
    contestants.push({ name: "unwatched", measure: () => writeCost(started, plan.seconds) });
    contestants.push({ name: "watched", measure: () => watchedCost(started, plan.seconds) });
    product = started;
  }
  const costs = await interleave(plan.rounds, contestants);
  await Promise.all([raw.stop(), product?.stop()]);

  const rawCosts = costs.get("raw ws")?.map(({ cpu, delivered }) => perMillion(cpu, delivered));
  const watched = costs.get("watched");
  const unwatched = costs.get("unwatched");
  const delivering = watched?.map(({ cpu, written, delivered }, round) => {
    const alone = unwatched?.[round];
    const writing = alone === undefined ? Number.NaN : written * (alone.cpu / alone.written);
    return perMillion(cpu - writing, delivered);
  });
  const unit = "CPU s a million";
  const everything = watched?.map(({ cpu, delivered }) => perMillion(cpu, delivered));
  return [
    ...figureRow("raw ws, one trade a frame", unit, rawCosts),
    ...figureRow("trading-playground, without the cost of writing", unit, delivering),
    ...figureRow("trading-playground, the cost of writing included", unit, everything),
    ...ratioRow("trading-playground, without writing ÷ raw ws", delivering, rawCosts, { atMost: 0.15 }),
  ];
}

const perMillion = (cpu: number, delivered: number): number => (cpu / delivered) * 1e6;

async function rawCost(raw: Awaited<ReturnType<typeof startRawWs>>, seconds: number): Promise<Cost> {
  const subscribers = await subscribe(raw.port, "raw");
  const before = await cpuSeconds(raw.child.pid);
  const sent = await raw.broadcastFor(seconds);
  const { delivered } = await subscribers.receivedEach(sent);
  const cpu = (await cpuSeconds(raw.child.pid)) - before;
  await subscribers.disconnect();
  return { cpu, written: sent, delivered };
}

async function writeCost(product: RunningServer, seconds: number): Promise<Cost> {
  const before = await cpuSeconds(product.child.pid);
  const { succeeded } = await saturate(product.port, tradeRequests(product.port), seconds);
  return { cpu: (await cpuSeconds(product.child.pid)) - before, written: succeeded, delivered: 0 };
}

async function watchedCost(product: RunningServer, seconds: number): Promise<Cost> {
  const subscribers = await subscribe(product.port, "tape");
  const before = await cpuSeconds(product.child.pid);
  const { succeeded } = await saturate(product.port, tradeRequests(product.port), seconds);
  const { delivered } = await subscribers.receivedEach(succeeded);
  const cpu = (await cpuSeconds(product.child.pid)) - before;
  await subscribers.disconnect();
  if (delivered !== succeeded * SUBSCRIBERS)
    throw new Error(`${delivered} deliveries of ${succeeded} trades`);
  return { cpu, written: succeeded, delivered };
}
