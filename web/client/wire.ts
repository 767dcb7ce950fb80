import type * as wire from "../../docs/wire-types.d.ts";

/** The stream, and REST without `decimals=string`, send every decimal as a number. */
type Numbers<Value> = [number] extends [Value]
  ? Exclude<Value, string>
  : Value extends object
    ? { [Key in keyof Value]: Numbers<Value[Key]> }
    : Value;

/** One execution that a model reported. Prices, `pnl` and `fee` are in the quote currency (USD), times ISO 8601 UTC. */
export type Trade = Numbers<wire.Trade>;
/** What a model last reported to hold, without valuation. */
export type Portfolio = Numbers<wire.Portfolio>;
/** One reported position; `qty` below zero is short. */
export type Position = Numbers<wire.Position>;
/** One stored, scored text; `score` is −1 to 1, `confidence` 0 to 1. */
export type Sentiment = Numbers<wire.Sentiment>;
/** The newest price of a symbol in the quote currency. */
export type Price = Numbers<wire.Price>;
/** A headline with its sentiment. */
export type Article = wire.Article;
/** A symbol's newest price and its last 24 hours. */
export type Market = Numbers<wire.Markets>["markets"][number];

/** A model's place and record. Percentages are 0–100; a ratio with no defined value is null. */
export type LeaderboardRow = Numbers<wire.LeaderboardRow>;
/** What a model's closed trades add up to. Percentages are 0–100; a ratio with no defined value is null. */
export type Analytics = Numbers<wire.ModelAnalytics>;

/** Everything on the subscribed channels up to `seq` has been sent. `epoch` names the tape. */
export type Head = wire.Head;
/** The past that was asked for cannot be sent: load by REST, then go on from `head`. */
export type Reset = wire.Reset;
/** Why the service refused a subscription or the connection itself. */
export type Refusal = wire.Refusal;
export type Ack = wire.Ack;

/** What the service sends: records and live values come as arrays. */
export interface StreamEvents {
  trades: (records: Trade[]) => void;
  portfolios: (records: Portfolio[]) => void;
  sentiments: (records: Sentiment[]) => void;
  prices: (values: Price[]) => void;
  /** The first 100 rows in rank order, then those of them that changed; one that fell out comes with its new rank. */
  leaderboard: (rows: LeaderboardRow[]) => void;
  news: (values: Article[]) => void;
  head: (head: Head) => void;
  reset: (reset: Reset) => void;
  shutdown: (notice: wire.Shutdown) => void;
}

/** What a client may send. */
export interface StreamRequests {
  subscribe: (
    request: { channels: string[]; since?: number; epoch?: string },
    ack: (answer: Ack) => void,
  ) => void;
  unsubscribe: (request: { channels: string[] }, ack: (answer: Ack) => void) => void;
}
