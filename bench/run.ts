/**
 * Measures the product against its yardsticks and prints Markdown tables:
 * node --import tsx bench/run.ts [writes|reads|fanout|latency|resume|all] [--seconds N] [--rounds N] [--yardsticks] [--profile DIR]
 */
import { cpus, loadavg, totalmem } from "node:os";
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { measureFanout } from "./scenarios/fanout.ts";
import { measureLatency } from "./scenarios/latency.ts";
import { measureReads } from "./scenarios/reads.ts";
import { measureResume } from "./scenarios/resume.ts";
import { measureWrites } from "./scenarios/writes.ts";
import { undoEverything, undoOnSignals } from "./support/cleanup.ts";
import type { Plan } from "./support/plan.ts";
import { startPostgres } from "./support/postgres.ts";
import { markdownTable } from "./support/report.ts";

const SCENARIOS = {
  writes: { title: "Writing: POST /api/trades, 64 connections, durable", measure: measureWrites },
  reads: { title: "Reading: GET /api/trades?limit=50, 64 connections", measure: measureReads },
  fanout: { title: "Fan-out: server CPU of a million deliveries, 200 subscribers", measure: measureFanout },
  latency: { title: "Latency: 200 trades a second, two instances and Redis", measure: measureLatency },
  resume: { title: "Resuming: 10,000 missed trades", measure: measureResume },
} as const;

type Scenario = keyof typeof SCENARIOS;

interface Options {
  readonly seconds: number;
  readonly rounds: number;
  readonly yardsticks?: true;
  readonly profile?: string;
}

async function main(): Promise<void> {
  const program = new Command("bench")
    .argument("[scenario]", `one of ${Object.keys(SCENARIOS).join(", ")}, all`, parseScenario, "all")
    .option("--seconds <n>", "seconds of each measurement, after one of warm-up", parseCount, 5)
    .option("--rounds <n>", "how often each contestant is measured", parseCount, 5)
    .option("--yardsticks", "leave the product out")
    .option(
      "--profile <dir>",
      "write the product's CPU profiles here; the figures of such a run do not count",
    )
    .parse();
  const options = program.opts<Options>();
  const chosen = (program.processedArgs[0] as Scenario | "all") ?? "all";

  undoOnSignals();
  try {
    const postgres = await startPostgres();
    const plan: Plan = {
      seconds: options.seconds,
      rounds: options.rounds,
      yardsticksOnly: options.yardsticks === true,
      profiles: options.profile === undefined ? undefined : resolve(options.profile),
      postgres,
    };
    const memory = Math.round(totalmem() / 2 ** 30);
    const busy = `load average ${loadavg()[0]?.toFixed(1)} at the start`;
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GiB`;
    const versions = `Node ${process.versions.node}, PostgreSQL ${postgres.version}`;
    console.log(`${machine}; ${versions}; ${plan.rounds} rounds of ${plan.seconds} s; ${busy}\n`);
    for (const [name, { title, measure }] of Object.entries(SCENARIOS)) {
      if (chosen !== "all" && chosen !== name) continue;
      const rows = await measure(plan);
      if (rows.length > 0) console.log(markdownTable(title, rows));
    }
  } finally {
    await undoEverything();
  }
}

function parseScenario(text: string): string {
  if (text === "all" || text in SCENARIOS) return text;
  throw new InvalidArgumentError(`choose ${Object.keys(SCENARIOS).join(", ")} or all.`);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("a whole number above zero.");
}

await main();
