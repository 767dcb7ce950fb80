/** One row of a source: a trade as `newTrade` takes it, not yet checked, or the reason why it is none. */
export type SourceRow = { line: number; trade: unknown } | { line: number; refused: string };

/** Where trades come from: one file in this folder per source, named in `sources.ts`. */
export interface TradeSource {
  /** What `line` counts, for messages: a line of a file, a record of a database. */
  unit: string;
  /** The source's own names of our fields, where they differ: `{ qty: "quantity" }`. */
  fieldNames?: Readonly<Record<string, string>>;
  /** All rows once, in the source's order. @throws ImportError where the source cannot be read any further. */
  rows(): AsyncGenerator<SourceRow>;
  /** How much of the source has been read, 0 to 1. */
  share(): number;
}

/** A source as the command line knows it: `import <command> <argument>`. */
export interface SourceCommand {
  command: string;
  /** In commander's spelling: `<file>`. */
  argument: string;
  description: string;
  /** @throws ImportError where there is nothing that this source can read. */
  open(argument: string): Promise<TradeSource>;
}

/** What stops an import. The message is one sentence for the person who started it, without secrets. */
export class ImportError extends Error {
  override name = "ImportError";
}
