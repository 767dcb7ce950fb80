import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { loadConfig } from "../config.ts";
import { canonicalDecimal } from "../contracts/decimal.ts";
import { importRecords } from "./import/import-records.ts";
import { ImportError, type SourceCommand, type SourceOptions } from "./import/source.ts";
import { SOURCES } from "./import/sources.ts";

const SOME_REFUSED = 2;

interface Options extends SourceOptions {
  report?: string;
  dryRun?: boolean;
  yes?: boolean;
  verify?: boolean;
  follow?: boolean;
  every?: string;
  untilIdle?: string;
  startingBalance?: string;
}

const program = new Command("npm run import --")
  .description("Imports into the playground. To run it again adds nothing twice.")
  .showHelpAfterError("(--help says more)");
for (const source of SOURCES) {
  const command = program
    .command(source.command)
    .description(source.description)
    .argument(source.argument)
    .option("--dry-run", "say what would come, and write nothing")
    .option("--report <file.json>", "write every refused and repaired row to this file")
    .option("--verify", "compare every record with the source afterwards")
    .option("--starting-balance <amount>", "what models that are new here had before their first trade");
  for (const [flags, description] of source.options ?? []) command.option(flags, description);
  if (source.isDatabase) {
    command
      .option("--yes", "do not ask, also on a terminal")
      .option("--follow", "go on taking what is new, until Ctrl+C")
      .option("--every <seconds>", "with --follow: from one look to the next", "5")
      .option("--until-idle <seconds>", "with --follow: end when nothing new has come for so long");
  }
  command.action((argument: string, options: Options) => run(source, argument, options));
}
await program.parseAsync();

/** Ends with 0 where every row was taken, 2 where some were refused, 1 where the import failed or differs. */
async function run(source: SourceCommand, argument: string, options: Options): Promise<void> {
  try {
    const config = loadConfig();
    const { refused, isWhole } = await importRecords(source, argument, {
      ...options,
      config,
      configuredRedis: config.redisUrl,
      startingBalance: amount(options.startingBalance),
      follow: options.follow ? following(options) : undefined,
      confirm: source.isDatabase && !options.yes && process.stdin.isTTY ? ask : undefined,
      print: (text) => process.stdout.write(text),
      log: (line) => process.stderr.write(`${line}\n`),
    });
    process.exitCode = !isWhole ? 1 : refused > 0 ? SOME_REFUSED : 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function ask(preview: string): Promise<boolean> {
  process.stdout.write(preview);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question("Import this? [y/N] ")).trim());
  } finally {
    terminal.close();
  }
}

function following({ every = "5", untilIdle }: Options) {
  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => end.abort());
  const idleMs = untilIdle === undefined ? undefined : seconds("--until-idle", untilIdle);
  return { everyMs: seconds("--every", every), idleMs, signal: end.signal };
}

function seconds(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new ImportError(`${option} wants a number of seconds.`);
  return value * 1000;
}

function amount(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const value = canonicalDecimal(text);
  if (value === undefined || value.startsWith("-"))
    throw new ImportError("--starting-balance wants an amount.");
  return value;
}
