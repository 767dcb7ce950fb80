import type { Config } from "../../config.ts";
import { checkedRows } from "./check-rows.ts";
import { inTimeOrder } from "./in-time-order.ts";
import { openPlayground } from "./open-playground.ts";
import { createProgress } from "./progress.ts";
import { openReport, type Report, summaryText } from "./report.ts";
import { ImportError, type SourceCommand, type TradeSource } from "./source.ts";
import { writeRows } from "./write-rows.ts";

export interface ImportOptions {
  config: Config;
  /** Where all refused rows go as JSON. */
  report?: string | undefined;
  /** Gets one sentence a line about what goes on. */
  log: (line: string) => void;
}

/**
 * Imports all trades of a source: read → checked → in time order → recorded. To run it again adds nothing that is
 * there already, and finishes what a crash cut short.
 * @returns the summary, and how many rows were refused.
 * @throws ImportError whose message says why it stopped, and how far it came.
 */
export async function importTrades(
  command: SourceCommand,
  argument: string,
  { config, report: file, log }: ImportOptions,
): Promise<{ summary: string; refused: number }> {
  // The source first: a file that cannot be read should not start a database.
  const source = await command.open(argument);
  const report = openReport(argument, file);
  try {
    await record(source, report, config, log);
  } catch (error) {
    throw howFar(error, report);
  } finally {
    report.close();
  }
  return { summary: summaryText(report.tally, source.unit), refused: report.tally.refused };
}

async function record(
  source: TradeSource,
  report: Report,
  config: Config,
  log: (line: string) => void,
): Promise<void> {
  const playground = await openPlayground(config, log);
  const progress = createProgress();
  const { tally } = report;
  let total: number | undefined;
  try {
    const rows = inTimeOrder(checkedRows(source, report.refuse), (count) => {
      total = count + tally.refused;
    });
    await writeRows(playground.trades, rows, {
      refuse: report.refuse,
      onWritten(written) {
        report.written(written);
        const done = tally.written + tally.repeated + tally.refused;
        progress.update(total === undefined ? source.share() : done / total, done);
      },
    });
  } finally {
    progress.end();
    await playground.close();
  }
}

function howFar(error: unknown, { tally }: Report): ImportError {
  const message = error instanceof Error ? error.message : String(error);
  const before = tally.written + tally.repeated;
  if (before === 0) return new ImportError(`${message} Nothing was imported.`);
  return new ImportError(
    `${message} ${before} rows are in the playground; the same command again goes on from there.`,
  );
}
