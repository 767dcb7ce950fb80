import type { Ack } from "../contracts/stream.ts";
import type { RawJson } from "./raw-json.ts";

/** Everything that clients may send. Payloads are checked before use, so they are unknown here. */
export interface ClientEvents {
  subscribe: (request: unknown, ack?: (answer: Ack) => void) => void;
  unsubscribe: (request: unknown, ack?: (answer: Ack) => void) => void;
}

/** Everything that clients are sent; payloads are JSON texts built elsewhere (docs/asyncapi.yaml has their shapes). */
export interface ServerEvents {
  trades: (records: RawJson) => void;
  portfolios: (records: RawJson) => void;
  sentiments: (records: RawJson) => void;
  prices: (quotes: RawJson) => void;
  leaderboard: (rows: RawJson) => void;
  news: (articles: RawJson) => void;
  head: (head: RawJson) => void;
  reset: (reset: RawJson) => void;
  shutdown: (notice: { retry_ms: number }) => void;
}

/** Between instances: batches of the tape, and newest prices. */
export interface InstanceEvents {
  tape: (batch: string) => void;
  prices: (quotes: string) => void;
}
