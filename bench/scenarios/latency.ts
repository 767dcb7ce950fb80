import { type LatencyResult, timeDeliveries } from "../support/latency.ts";
import type { Plan } from "../support/plan.ts";
import { figureRow, type Row, ratioRow } from "../support/report.ts";
import { interleave } from "../support/rounds.ts";
import { productHome, startProduct } from "../support/servers.ts";

const PER_SECOND = 200;

/** From a POST at one instance to a subscriber at another one, against the answer to that POST, with the service idle. */
export async function measureLatency(plan: Plan): Promise<Row[]> {
  if (plan.yardsticksOnly) return [];
  const home = await productHome(plan.postgres, "latency", plan.profiles);
  const here = await startProduct(home);
  const there = await startProduct(home);
  const measure = (subscribeAt: number) => async () =>
    figuresOf(
      await timeDeliveries({ postAt: here.port, subscribeAt, perSecond: PER_SECOND, seconds: plan.seconds }),
    );
  const figures = await interleave(plan.rounds, [
    { name: "other instance", measure: measure(there.port) },
    { name: "same instance", measure: measure(here.port) },
  ]);
  await Promise.all([here.stop(), there.stop()]);

  const [other, same] = [figures.get("other instance"), figures.get("same instance")];
  const answered = other?.map(({ answered }) => answered.p50);
  const arrived = other?.map(({ arrived }) => arrived.p50);
  return [
    ...figureRow("answer to POST /api/trades, median", "ms", answered),
    ...figureRow(
      "answer, 99th percentile",
      "ms",
      other?.map(({ answered }) => answered.p99),
    ),
    ...figureRow("POST to a subscriber of the other instance, median", "ms", arrived),
    ...figureRow(
      "to the other instance, 99th percentile",
      "ms",
      other?.map(({ arrived }) => arrived.p99),
    ),
    ...figureRow(
      "POST to a subscriber of the same instance, median",
      "ms",
      same?.map(({ arrived }) => arrived.p50),
    ),
    ...ratioRow("to the other instance ÷ answer, medians", arrived, answered, { atMost: 1.4 }),
  ];
}

function figuresOf({ answered, arrived }: LatencyResult) {
  return { answered: percentiles(answered), arrived: percentiles(arrived) };
}

function percentiles(samples: readonly number[]): { p50: number; p99: number } {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
