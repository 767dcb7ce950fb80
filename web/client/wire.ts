/** One execution that a model reported, as the stream and REST show it. Times are ISO 8601 UTC. */
export interface Trade {
  seq: number;
  id: string;
  model: string;
  symbol: string;
  side: "buy" | "sell";
  qty: number;
  /** Quote currency (USD) a unit, like `exit_price`. */
  price: number;
  /** Net profit or loss in the quote currency, as the model reports it. */
  pnl: number;
  status: "open" | "closed";
  timestamp: string;
  exit_price: number | null;
  fee: number;
  leverage: number;
  opened_at: string | null;
  closed_at: string | null;
  note: string | null;
  meta: Record<string, unknown> | null;
  created_at: string;
}

/** One reported position; `qty` below zero is short. */
export interface Position {
  symbol: string;
  qty: number;
  avg_price: number;
  pnl: number | null;
}

/** What a model last reported to hold, without valuation. */
export interface Portfolio {
  seq: number;
  model: string;
  balance: number;
  positions: Position[];
  last_update: string;
}

/** One stored, scored text; `score` is -1 to 1, `confidence` 0 to 1. */
export interface Sentiment {
  seq: number;
  id: string;
  symbol: string;
  text: string;
  label: "positive" | "neutral" | "negative";
  score: number;
  confidence: number;
  source: string;
  model: string | null;
  timestamp: string;
}

/** The newest price of a symbol in the quote currency. */
export interface Price {
  symbol: string;
  price: number;
  volume: number | null;
  as_of: string;
  source: string;
}

/** Everything on the subscribed channels up to `seq` has been sent. `epoch` names the tape. */
export interface Head {
  seq: number;
  epoch: string;
}

/** The past that was asked for cannot be sent: load by REST, then go on from `head`. */
export interface Reset {
  reason: "too_old" | "ahead" | "epoch";
  oldest: number;
  head: number;
  epoch: string;
}

/** Why the service refused a subscription or the connection itself. */
export interface Refusal {
  code: string;
  error: string;
}

export type Ack = { ok: true; channels: string[]; head: number; epoch: string } | ({ ok: false } & Refusal);

/** What the service sends: records and live values come as arrays. */
export interface StreamEvents {
  trades: (records: Trade[]) => void;
  portfolios: (records: Portfolio[]) => void;
  sentiments: (records: Sentiment[]) => void;
  prices: (values: Price[]) => void;
  leaderboard: (values: unknown[]) => void;
  news: (values: unknown[]) => void;
  head: (head: Head) => void;
  reset: (reset: Reset) => void;
  shutdown: (notice: { retry_ms: number }) => void;
}

/** What a client may send. */
export interface StreamRequests {
  subscribe: (
    request: { channels: string[]; since?: number; epoch?: string },
    ack: (answer: Ack) => void,
  ) => void;
  unsubscribe: (request: { channels: string[] }, ack: (answer: Ack) => void) => void;
}
