import type { Config } from "../../config.ts";
import { type FollowOptions, follow } from "./follow.ts";
import { withoutKnownRows } from "./newcomers.ts";
import { openPlayground, viewPlayground } from "./open-playground.ts";
import { passThrough } from "./pass.ts";
import { createProgress } from "./progress.ts";
import { openReport, type Report } from "./report.ts";
import { onlooker } from "./sinks/onlooker.ts";
import { recorder } from "./sinks/recorder.ts";
import { ImportError, type Source, type SourceCommand, type SourceOptions } from "./source.ts";
import { summaryText } from "./summary.ts";
import { verify } from "./verify.ts";

export interface ImportOptions extends SourceOptions {
  config: Config;
  /** Where all refused and repaired rows go as JSON. */
  report?: string | undefined;
  /** Say what would come, and write nothing. */
  dryRun?: boolean | undefined;
  /** Compare with the source afterwards. */
  verify?: boolean | undefined;
  /** Go on taking what is new. */
  follow?: Omit<FollowOptions, "log"> | undefined;
  /** What models that are new here had before their first trade. */
  startingBalance?: string | undefined;
  /** Asked with what would come, before anything is written; false ends it. */
  confirm?: ((preview: string) => Promise<boolean>) | undefined;
  /** Gets each part of the outcome as soon as it is known. */
  print: (text: string) => void;
  /** Gets one sentence a line about what goes on. */
  log: (line: string) => void;
}

export interface ImportResult {
  refused: number;
  /** False where the comparison found a difference. */
  isWhole: boolean;
}

/**
 * Imports all of a source: read → checked → in time order → recorded. To run it again adds nothing that is there already,
 * and finishes what a crash cut short.
 * @throws ImportError whose message says why it stopped, and how far it came.
 */
export async function importRecords(
  command: SourceCommand,
  argument: string,
  options: ImportOptions,
): Promise<ImportResult> {
  // The source first: a file that cannot be read should not start a database.
  const opened = await command.open(argument, {
    ...options,
    ...(options.dryRun && { prices: undefined }),
  });
  if (options.dryRun) return await preview(opened, options);
  if (options.confirm !== undefined) {
    const texts: string[] = [];
    await preview(opened, {
      ...options,
      report: undefined,
      verify: false,
      print: (text) => texts.push(text),
    });
    if (!(await options.confirm(texts.join("")))) return { refused: 0, isWhole: true };
  }
  return await record(opened, options);
}

/** The dry run. */
async function preview(source: Source, options: ImportOptions): Promise<ImportResult> {
  const report = openReport(source, options.report);
  const view = await viewPlayground(options.config, options.log).catch((error: unknown) =>
    fail(report, error),
  );
  const progress = createProgress("looked at");
  try {
    await passThrough(source, onlooker(view.database), report, { progress });
    progress.end();
    options.print(summaryText(report.tally, source, true));
    const isWhole = options.verify ? await compare(source, view.database, options) : true;
    report.close();
    return { refused: report.tally.refused, isWhole };
  } catch (error) {
    report.discard();
    throw error instanceof ImportError ? error : new ImportError(messageOf(error));
  } finally {
    progress.end();
    await view.close();
  }
}

async function record(opened: Source, options: ImportOptions): Promise<ImportResult> {
  const source = options.follow === undefined ? opened : withoutKnownRows(opened);
  const report = openReport(source, options.report);
  const playground = await openPlayground(options.config, options.log).catch((error: unknown) =>
    fail(report, error),
  );
  const progress = createProgress("imported");
  const { tally } = report;
  try {
    const sink = recorder(playground.trades, options.startingBalance);
    await passThrough(source, sink, report, { progress });
    await sink.openLedgers();
    progress.end();
    options.print(summaryText(tally, source));
    const isWhole = options.verify ? await compare(opened, playground.trades.database, options) : true;
    if (options.follow !== undefined) {
      const before = { ...tally };
      options.log("Following the source; Ctrl+C ends it.");
      await follow(source, sink, report, { ...options.follow, log: options.log });
      await sink.openLedgers();
      const refused = tally.refused - before.refused;
      const more = refused > 0 ? `, and ${refused} refused` : "";
      options.print(`${tally.new - before.new} more while following${more}.\n`);
    }
    report.close();
    return { refused: tally.refused, isWhole };
  } catch (error) {
    return fail(report, error);
  } finally {
    progress.end();
    await playground.close();
  }
}

async function compare(source: Source, database: Parameters<typeof verify>[1], options: ImportOptions) {
  const { text, isWhole } = await verify(source, database);
  options.print(text);
  return isWhole;
}

/** Ends an import that cannot go on: says how far it came, and completes the report where that is possible. */
function fail(report: Report, error: unknown): never {
  const message = messageOf(error);
  const { tally } = report;
  const before = tally.new + tally.repeated;
  const howFar =
    before === 0
      ? "Nothing was imported."
      : `${before} rows are in the playground; the same command again goes on from there.`;
  try {
    report.close(message);
  } catch {
    report.discard();
  }
  throw new ImportError(`${message} ${howFar}`);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
