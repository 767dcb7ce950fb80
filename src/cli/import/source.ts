import type { PortfolioReport } from "../../contracts/portfolio.ts";
import type { NewTrade } from "../../contracts/trades.ts";
import type { KnownScore } from "../../sentiment/index.ts";
import type { GivenUser } from "./legacy/user.ts";

/** What an import takes over, as it is once it has been checked and has its id. */
export interface Records {
  trade: NewTrade & { id: string };
  sentiment: KnownScore;
  portfolio: PortfolioReport;
  user: GivenUser & { id: string };
}
export type RecordKind = keyof Records;

/** Where a row stands in its source: a line of a file, or a name such as `trades:list[17]`. */
export type Place = number | string;

/**
 * One row of a source: a record as the contract takes it, not yet checked; or the reason why it is none; or things that
 * are known and stay where they are.
 */
export type SourceRow =
  | { place: Place; kind: RecordKind; record: unknown; repairs?: string[] }
  | { place: Place; id?: string; refused: string }
  | LeftBehind;

export interface LeftBehind {
  /** What it is, in the plural: `keys market:<symbol>`. */
  left: string;
  why: string;
  count: number;
}

/** Where records come from: one file or folder here per source, named in `sources.ts`. */
export interface Source {
  /** What it is called in messages and reports; without a password. */
  name: string;
  /** What a row's place is, for messages: a line, a key, a row. */
  unit: string;
  /** The source's own names of our fields, where they differ: `{ qty: "quantity" }`. */
  fieldNames?: Readonly<Record<string, string>>;
  /** What was done to rows that count as repaired. */
  repairs: string;
  /** Whether trades come oldest first, so that they need not be held to be sorted. */
  inTimeOrder?: boolean;
  /**
   * All rows once, trades first; or, after that, those that may be new or changed since.
   * @throws ImportError where the source cannot be read any further.
   */
  rows(which?: "all" | "newcomers"): AsyncGenerator<SourceRow>;
  /** Told that all rows of the last reading have been taken: only now may it leave them out of the next. */
  onTaken?(): void;
  /** How much of the source has been read, 0 to 1. */
  share(): number;
}

/** What the command line says about a source. */
export interface SourceOptions {
  /** Upstash's REST token. */
  token?: string | undefined;
  /** For scores that name no symbol. */
  sentimentSymbol?: string | undefined;
  /** Where to write the price history. */
  prices?: string | undefined;
  /** The Redis of the service's own settings, whose token serves for the same host. */
  configuredRedis?: string | undefined;
}

/** A source as the command line knows it: `import <command> <argument>`. */
export interface SourceCommand {
  command: string;
  /** In commander's spelling: `<file>`. */
  argument: string;
  description: string;
  /** Further options of this source: flags and what they mean. */
  options?: readonly (readonly [flags: string, description: string])[];
  /** A database that lives on: it can be asked about, compared and followed. */
  isDatabase?: boolean;
  /** @throws ImportError where there is nothing that this source can read. */
  open(argument: string, options: SourceOptions): Promise<Source>;
}

/** What stops an import. The message is one sentence for the person who started it, without secrets. */
export class ImportError extends Error {
  override name = "ImportError";
}
