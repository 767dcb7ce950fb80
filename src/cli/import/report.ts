import { closeSync, openSync, statSync, writeSync } from "node:fs";
import type { RefusedRow } from "./check-rows.ts";
import { ImportError } from "./source.ts";
import type { Written } from "./write-rows.ts";

const SHOWN = 20;

/** How an import went, in rows. Repaired rows are among the new and repeated ones. */
export interface Tally extends Written {
  refused: number;
  /** The first twenty of them. */
  shown: RefusedRow[];
}

export interface Report {
  readonly tally: Tally;
  written(written: Written): void;
  refuse(row: RefusedRow): void;
  /** Completes the report's file. */
  close(): void;
}

/**
 * Counts rows, and writes each refused one to `file` where one is asked for, at once: memory does not grow with them.
 * @throws ImportError where the file cannot be written, or is the `input` itself.
 */
export function openReport(input: string, file?: string): Report {
  const descriptor = file === undefined ? undefined : openForReport(file, input);
  const write = (text: string) => descriptor !== undefined && writeSync(descriptor, text);
  const tally: Tally = { written: 0, repeated: 0, repaired: 0, refused: 0, shown: [] };
  write(`{"input":${JSON.stringify(input)},"rows":[`);
  return {
    tally,
    written({ written, repeated, repaired }) {
      tally.written += written;
      tally.repeated += repeated;
      tally.repaired += repaired;
    },
    refuse(row) {
      write(`${tally.refused === 0 ? "" : ","}\n${JSON.stringify(row)}`);
      if (tally.refused++ < SHOWN) tally.shown.push(row);
    },
    close() {
      const { written, repeated, repaired, refused } = tally;
      write(`\n],"new":${written},"repeated":${repeated},"repaired":${repaired},"refused":${refused}}\n`);
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

/** The summary as it is printed; the refused rows beneath it, the first twenty. */
export function summaryText({ written, repeated, repaired, refused, shown }: Tally, unit: string): string {
  const width = String(Math.max(written, repeated, repaired, refused)).length;
  const count = (name: string, value: number) => `  ${name.padEnd(9)} ${String(value).padStart(width)}`;
  const more = refused - shown.length;
  return [
    count("new", written),
    count("repeated", repeated),
    `${count("repaired", repaired)}  numbers written out or rounded to 18 decimals; counted above too`,
    count("refused", refused),
    ...shown.map(({ line, reason }) => `    ${unit} ${line}: ${reason}`),
    ...(more > 0 ? [`    and ${more} more; --report <file.json> writes all of them`] : []),
    "",
  ].join("\n");
}

function openForReport(file: string, input: string): number {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    const source = statSync(input, { throwIfNoEntry: false });
    if (there !== undefined && there.ino === source?.ino && there.dev === source.dev) {
      throw new ImportError(`The report cannot be written to ${file}: that is the file to import.`);
    }
    return openSync(file, "w");
  } catch (error) {
    if (error instanceof ImportError) throw error;
    const code = error instanceof Error && "code" in error ? error.code : String(error);
    throw new ImportError(`The report cannot be written to ${file}: ${code}.`);
  }
}
