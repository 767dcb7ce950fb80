import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { playgroundApi } from "../bots/index.ts";
import { alphaArena } from "./import/alpha-arena.ts";
import { checkedRows, type RefusedRow } from "./import/check-rows.ts";
import { csv } from "./import/csv.ts";
import { inTimeOrder } from "./import/in-time-order.ts";
import { createProgress } from "./import/progress.ts";
import { LONGEST_PAUSE_SECONDS, type Played, playTrades } from "./replay/play-trades.ts";

const program = new Command("npm run replay --")
  .description("Plays a recorded season into a running playground, its own times kept, faster than it went.")
  .argument("<season>", "Alpha Arena's trades.json or a folder with one, or a CSV file of our own export")
  .option("--speed <n>", "how many times faster: 600x plays ten minutes in a second", readSpeed, 600)
  .option("--url <url>", "the playground", "http://127.0.0.1:3000")
  .option("--key <key>", "an API key, where the playground asks for one")
  .showHelpAfterError("(--help says more)");
program.parse();
const options = program.opts<{ speed: number; url: string; key?: string }>();

try {
  const refused: RefusedRow[] = [];
  const played = await replay(program.args[0] as string, refused);
  const all = [...refused, ...played.refused];
  for (const { place, reason } of all.slice(0, 20)) process.stderr.write(`line ${place}: ${reason}\n`);
  process.stdout.write(`played ${played.new} new, ${played.repeated} there before, ${all.length} refused\n`);
  process.exitCode = all.length > 0 ? 2 : 0;
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = 1;
}

async function replay(season: string, refused: RefusedRow[]): Promise<Played> {
  const isFolder = await stat(season).then(
    (status) => status.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(season, "trades.json") : season;
  const source = await (file.endsWith(".csv") ? csv : alphaArena).open(file, {});
  // All are read before the first is played, where memory can hold them.
  let read = 0;
  const rows = inTimeOrder(
    counted(
      checkedRows(source, "all", { refuse: (row) => refused.push(row), leave: () => {} }),
      () => read++,
    ),
  );
  process.stderr.write(
    `Playing ${file} at ${options.speed}x into ${options.url}; no pause is longer than ${LONGEST_PAUSE_SECONDS} s.\n`,
  );
  const api = playgroundApi(options.url.replace(/\/$/, ""), new AbortController().signal, options.key);
  const progress = createProgress("played");
  try {
    return await playTrades(rows, api, options.speed, (done) =>
      progress.update((source.share() * done) / read, done),
    );
  } finally {
    progress.end();
  }
}

async function* counted<Row>(rows: AsyncIterable<Row>, onRow: () => void): AsyncGenerator<Row> {
  for await (const row of rows) {
    onRow();
    yield row;
  }
}

function readSpeed(text: string): number {
  const speed = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]);
  if (!(speed > 0)) throw new InvalidArgumentError("600x, 1x or 0.5x are speeds.");
  return speed;
}

/** Node says only "fetch failed"; why is in the cause. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const isUnreachable = error.message === "fetch failed";
  return isUnreachable
    ? `The playground at ${options.url} cannot be reached: ${cause?.message ?? "no answer"}.`
    : error.message;
}
