/** The source of posted prices. */
export const POSTED = "api";
/** The source of replayed ones. */
export const REPLAY = "replay";

/** One price as a feed gives it; the board checks it. */
export interface Tick {
  symbol: string;
  /** Quote currency (USD) a unit. */
  price: number | string;
  /** Units traded; null where the feed does not say. */
  volume: number | string | null;
  /** The market's own time, Unix milliseconds: what candles go by. */
  tradedAt: number;
  /** The time as of which the price counts as current, where that is not `tradedAt`. */
  asOf?: number;
}

/** Why a tick was not taken. */
export const DROP_REASONS = [
  "malformed",
  "not_positive",
  "absurd",
  "late",
  "future",
  "replayed",
  "too_many_symbols",
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export interface FeedContext {
  symbols: readonly string[];
  /** Once this is aborted the feed has to end, and whatever it still emits is ignored. */
  signal: AbortSignal;
  emit(ticks: readonly Tick[]): void;
  /** Counts a tick that the feed itself had to leave out. */
  drop(reason: DropReason): void;
  /** The last price that is known of a feed, of this start or an earlier one. */
  lastKnown(symbol: string): { price: string; tradedAt: number } | undefined;
}

/** Where prices come from. */
export interface Feed {
  /** What prices of it name as their source. */
  name: string;
  /** @throws Error with a sentence where the feed cannot work at all; asked once, at the start. */
  check(): Promise<void>;
  /** Runs until the signal or the feed's own end. @throws where the feed fails; it is then started again. */
  run(context: FeedContext): Promise<void>;
}
