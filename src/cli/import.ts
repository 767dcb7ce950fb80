import { Command } from "commander";
import { loadConfig } from "../config.ts";
import { importTrades } from "./import/import-trades.ts";
import type { SourceCommand } from "./import/source.ts";
import { SOURCES } from "./import/sources.ts";

const SOME_REFUSED = 2;

const program = new Command("npm run import --")
  .description("Imports trades into the playground. To run it again adds nothing twice.")
  .showHelpAfterError("(--help says more)");
for (const source of SOURCES) {
  program
    .command(source.command)
    .description(source.description)
    .argument(source.argument)
    .option("--report <file.json>", "write every refused row to this file")
    .action((argument: string, options: { report?: string }) => run(source, argument, options.report));
}
await program.parseAsync();

/** Ends with 0 where every row was taken, 2 where some were refused, 1 where the import failed. */
async function run(source: SourceCommand, argument: string, report?: string): Promise<void> {
  try {
    const { summary, refused } = await importTrades(source, argument, {
      config: loadConfig(),
      report,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(summary);
    process.exitCode = refused > 0 ? SOME_REFUSED : 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
