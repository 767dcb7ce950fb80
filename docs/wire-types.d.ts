// Generated from openapi.json by `npm run db:generate`. Change src/contracts and run it again.

export type Price = {
  symbol: string;
  /** a JSON number; an exact string with ?decimals=string */
  price: number | string;
  /** units traded with this tick */
  volume: number | string | null;
  as_of: string;
  source: string;
};

export type Head = {
  /** everything on the subscribed channels up to here has been sent */
  seq: number;
  /** names the tape; a restored one has another */
  epoch: string;
};

export type Reset = {
  reason: "too_old" | "ahead" | "epoch";
  /** the oldest entry that is kept */
  oldest: number;
  /** load by REST, then go on from here */
  head: number;
  /** names the tape; a restored one has another */
  epoch: string;
};

export type Refusal = {
  code: string;
  error: string;
};

export type Ack = {
  ok: true;
  channels: (string)[];
  /** position on the tape */
  head: number;
  /** names the tape; a restored one has another */
  epoch: string;
} | (Refusal) & ({
  ok: false;
});

export type Shutdown = {
  /** when to come back */
  retry_ms: number;
};

export type TradeAnswer = {
  success: true;
  trade: Trade;
  timestamp: string;
};

export type Trade = {
  /** position on the tape */
  seq: number;
  id: string;
  model: string;
  symbol: string;
  side: "buy" | "sell";
  /** a JSON number; an exact string with ?decimals=string */
  qty: number | string;
  /** a JSON number; an exact string with ?decimals=string */
  price: number | string;
  /** a JSON number; an exact string with ?decimals=string */
  pnl: number | string;
  status: "open" | "closed";
  timestamp: string;
  /** a JSON number; an exact string with ?decimals=string */
  exit_price: number | string | null;
  /** a JSON number; an exact string with ?decimals=string */
  fee: number | string;
  /** a JSON number; an exact string with ?decimals=string */
  leverage: number | string;
  opened_at: string | null;
  closed_at: string | null;
  note: string | null;
  meta: Record<string, unknown> | null;
  created_at: string;
};

export type Error = {
  success: false;
  error: string;
  code: string;
  details?: ({
    path: string;
    message: string;
  })[];
};

export type NewTrade = {
  model: string;
  symbol: string;
  side: "buy" | "sell";
  /** greater than 0 */
  qty: number | string;
  /** greater than 0 */
  price: number | string;
  pnl?: number | string;
  status?: "open" | "closed";
  timestamp?: string;
  id?: string;
  /** greater than 0 */
  exit_price?: number | string;
  fee?: number | string;
  /** greater than 0 */
  leverage?: number | string;
  opened_at?: string;
  closed_at?: string;
  note?: string;
  /** a JSON object of at most 4 kB */
  meta?: Record<string, unknown>;
};

export type TradePage = {
  trades: (Trade)[];
  count: number;
  next_cursor: string | null;
  timestamp: string;
};

export type BulkAnswer = {
  success: true;
  trades: (Trade)[];
  count: number;
  repeated: number;
  timestamp: string;
};

export type BulkTrades = {
  trades: (NewTrade)[];
};

export type TradeClose = {
  /** greater than 0 */
  exit_price: number | string;
  pnl?: number | string;
  fee?: number | string;
  closed_at?: string;
  status?: "closed";
};

export type PortfolioAnswer = {
  success: true;
  portfolio: Portfolio;
  timestamp: string;
};

export type Portfolio = {
  /** position on the tape */
  seq: number;
  model: string;
  /** a JSON number; an exact string with ?decimals=string */
  balance: number | string;
  positions: (Position)[];
  last_update: string;
  /** of a model's first report: what its returns are counted from */
  starting_balance?: number | string;
};

export type Position = {
  symbol: string;
  /** a JSON number; an exact string with ?decimals=string */
  qty: number | string;
  /** a JSON number; an exact string with ?decimals=string */
  avg_price: number | string;
  /** a JSON number; an exact string with ?decimals=string */
  pnl: number | string | null;
};

export type PortfolioReport = {
  model: string;
  /** 0 or more */
  balance?: number | string;
  positions?: (NewPosition)[];
  last_update?: string;
  /** with a model's first report only: what its returns are counted from */
  starting_balance?: number | string;
};

export type NewPosition = {
  symbol: string;
  qty: number | string;
  /** greater than 0 */
  avg_price: number | string;
  pnl?: number | string;
};

export type ValuedPortfolio = (Portfolio) & ({
  /** a JSON number; an exact string with ?decimals=string */
  equity: number | string;
  /** a JSON number; an exact string with ?decimals=string */
  unrealized_pnl: number | string;
  /** time of the oldest price used; null where none was */
  priced_at: string | null;
  /** a price is missing or older than 60 s */
  stale: boolean;
});

export type PortfolioList = {
  portfolios: (ValuedPortfolio)[];
  count: number;
  timestamp: string;
};

export type PortfolioHistory = {
  model: string;
  points: ({
    t: string;
    /** a JSON number; an exact string with ?decimals=string */
    balance: number | string;
    /** a JSON number; an exact string with ?decimals=string */
    equity: number | string;
  })[];
  count: number;
};

export type SentimentAnswer = {
  label: "positive" | "neutral" | "negative";
  /** a JSON number; an exact string with ?decimals=string */
  score: number | string;
  /** a JSON number; an exact string with ?decimals=string */
  confidence: number | string;
  tokens: {
    positive: (string)[];
    negative: (string)[];
  };
  symbol?: string;
  source: string;
  /** stored, and on the tape: only with a symbol */
  saved: boolean;
  /** position on the tape */
  seq?: number;
  latency_ms: number;
  timestamp: string;
};

export type NewSentiment = {
  text: string;
  symbol?: string;
  source?: string;
  model?: string;
};

export type SentimentPage = {
  sentiments: (Sentiment)[];
  count: number;
  next_cursor: string | null;
  timestamp: string;
};

export type Sentiment = {
  /** position on the tape */
  seq: number;
  id: string;
  symbol: string;
  text: string;
  label: "positive" | "neutral" | "negative";
  /** a JSON number; an exact string with ?decimals=string */
  score: number | string;
  /** a JSON number; an exact string with ?decimals=string */
  confidence: number | string;
  source: string;
  model: string | null;
  timestamp: string;
};

export type SentimentSummary = {
  symbol: string;
  count: number;
  /** a JSON number; an exact string with ?decimals=string */
  average: number | string | null;
  positive: number;
  neutral: number;
  negative: number;
};

export type Leaderboard = {
  leaderboard: (LeaderboardRow)[];
  /** everything up to this seq of the tape counts, nothing after */
  as_of_seq: number;
  timestamp: string;
};

export type LeaderboardRow = {
  rank: number;
  model: string;
  /** reported equity where a portfolio was reported, else ledger equity */
  equity: number | string;
  /** starting balance + Σ pnl of closed trades */
  ledger_equity: number | string;
  /** reported balance + Σ qty × (live price − avg_price) */
  reported_equity: number | string | null;
  /** reported − ledger equity; null without a report */
  divergence: number | string | null;
  /** percent; of the starting balance; null where that is 0 */
  return_pct: number | string | null;
  /** Σ pnl of closed trades */
  realized_pnl: number | string;
  /** Σ fee of closed trades */
  fees: number | string;
  /** closed trades */
  trades: number;
  /** percent; share of closed trades with pnl > 0; null without one */
  win_rate: number | string | null;
  /** percent; deepest fall from a peak, as a positive number: of ledger equity, trade by trade, or where it is larger of reported equity, as it was valued with each report; the starting balance is the first peak; null where equity was never above 0 */
  max_drawdown_pct: number | string | null;
  /** of daily (UTC) ledger returns, × √365; null under two days and where all returns are equal */
  sharpe: number | string | null;
  /** when it last made or closed a trade */
  last_trade_at: string | null;
  /** a price in reported_equity is missing or older than 60 s */
  stale: boolean;
};

export type ModelAnalytics = {
  model: string;
  /** closed trades; only they count here */
  trades: number;
  /** Σ pnl */
  realized_pnl: number | string;
  /** Σ (exit_price − price) × qty, × −1 for a sell; pnl + fee where no exit_price is known */
  gross_pnl: number | string;
  /** Σ fee */
  fees: number | string;
  /** percent; share of trades with pnl > 0 */
  win_rate: number | string | null;
  /** mean pnl */
  avg_pnl: number | string | null;
  /** mean pnl of trades with pnl > 0 */
  avg_win: number | string | null;
  /** mean pnl of trades with pnl < 0 */
  avg_loss: number | string | null;
  /** highest pnl of a trade */
  biggest_gain: number | string | null;
  /** lowest pnl of a trade */
  biggest_loss: number | string | null;
  /** mean of price × qty */
  avg_notional: number | string | null;
  /** median of price × qty */
  median_notional: number | string | null;
  /** mean of closed_at − opened_at, where both are known */
  avg_holding_minutes: number | string | null;
  /** median of the same */
  median_holding_minutes: number | string | null;
  /** side buy */
  long_trades: number;
  /** side sell */
  short_trades: number;
  /** Σ wins ÷ |Σ losses|; null without a loss */
  profit_factor: number | string | null;
  /** of daily (UTC) ledger returns, × √365; null under two days and where all returns are equal */
  sharpe: number | string | null;
  /** percent; deepest fall from a peak, as a positive number: of ledger equity, trade by trade, or where it is larger of reported equity, as it was valued with each report; the starting balance is the first peak; null where equity was never above 0 */
  max_drawdown_pct: number | string | null;
  /** everything up to this seq of the tape counts, nothing after */
  as_of_seq: number;
};

export type Market = {
  symbol: string;
  /** a JSON number; an exact string with ?decimals=string */
  price: number | string;
  /** change in percent, over the 24 h before as_of */
  change_24h: number | string;
  /** units traded that the feed told of, over the 24 h before as_of */
  volume_24h: number | string;
  /** highest price, over the 24 h before as_of */
  high_24h: number | string;
  /** lowest price, over the 24 h before as_of */
  low_24h: number | string;
  /** the feed, or api for posted prices */
  source: string;
  /** when the newest price was of the market */
  as_of: string;
  age_ms: number;
  /** older than 60 s */
  stale: boolean;
  coin: {
    id: string;
    name: string;
    color: string;
  };
  /** oldest first, at most 288 points of the last 24 h */
  history: ({
    time: string;
    /** a JSON number; an exact string with ?decimals=string */
    price: number | string;
  })[];
  timestamp: string;
};

export type Markets = {
  markets: ({
    symbol: string;
    /** a JSON number; an exact string with ?decimals=string */
    price: number | string;
    /** change in percent, over the 24 h before as_of */
    change_24h: number | string;
    /** units traded that the feed told of, over the 24 h before as_of */
    volume_24h: number | string;
    /** highest price, over the 24 h before as_of */
    high_24h: number | string;
    /** lowest price, over the 24 h before as_of */
    low_24h: number | string;
    /** the feed, or api for posted prices */
    source: string;
    /** when the newest price was of the market */
    as_of: string;
    age_ms: number;
    /** older than 60 s */
    stale: boolean;
    coin: {
      id: string;
      name: string;
      color: string;
    };
  })[];
  count: number;
  timestamp: string;
};

export type Candles = {
  symbol: string;
  interval: "1m" | "5m" | "1h";
  /** oldest first; an interval without a price has no candle */
  candles: ({
    /** when the interval begins */
    time: string;
    /** a JSON number; an exact string with ?decimals=string */
    open: number | string;
    /** a JSON number; an exact string with ?decimals=string */
    high: number | string;
    /** a JSON number; an exact string with ?decimals=string */
    low: number | string;
    /** a JSON number; an exact string with ?decimals=string */
    close: number | string;
    /** a JSON number; an exact string with ?decimals=string */
    volume: number | string;
  })[];
  /** when the newest price was of the market */
  as_of: string;
  age_ms: number;
  /** older than 60 s */
  stale: boolean;
  timestamp: string;
};

export type AcceptedPrices = {
  success: true;
  accepted: number;
};

export type PostedPrices = {
  prices: ({
    symbol: string;
    /** greater than 0 */
    price: number | string;
    /** 0 or more */
    volume?: number | string;
    timestamp?: string;
  })[];
};

export type News = {
  count: number;
  articles: (Article)[];
  sentimentPerCoin: Record<string, {
    /** mean score of the articles */
    avg: number;
    count: number;
    /** when its newest article was published */
    updated: string;
  }>;
  /** from what is stored; false: the feeds were looked at for this answer */
  cached: boolean;
  timestamp: string;
};

export type Article = {
  /** the feed's own name */
  source: string;
  title: string;
  /** http or https, without tracking parameters */
  link: string;
  published: string;
  /** plain text */
  description: string;
  sentiment: {
    label: "positive" | "neutral" | "negative";
    /** a JSON number; an exact string with ?decimals=string */
    confidence: number | string;
  };
  /** symbols of the coins that it is about */
  coins: (string)[];
};

export type TapePage = {
  events: ({
    /** position on the tape */
    seq: number;
    kind: "trade" | "trade_close" | "portfolio" | "sentiment";
    at: string;
    data: Record<string, unknown>;
  })[];
  /** position on the tape */
  next_since: number;
  /** position on the tape */
  head: number;
  /** the oldest seq that is kept */
  oldest: number;
  epoch: string;
};

export type UserAnswer = {
  success: true;
  user: User;
};

export type User = {
  id: string;
  email: string;
  name: string | null;
  role: "user" | "observer" | "admin";
};

export type Registration = {
  email: string;
  password: string;
  name?: string | null;
};

export type Login = {
  email: string;
  password: string;
};

export type Done = {
  success: true;
};

export type PasswordChange = {
  password: string;
  new_password: string;
};

export type PasswordReset = {
  /** what stands behind the # in the link */
  token: string;
  new_password: string;
};

export type AccountClosing = {
  password: string;
};

export type SessionList = {
  sessions: (Session)[];
  count: number;
};

export type Session = {
  /** a digest; it opens nothing */
  id: string;
  created_at: string;
  expires_at: string;
  /** the session that asks */
  current: boolean;
};

export type ModelList = {
  models: (string)[];
  count: number;
};

export type ModelTransfer = {
  email: string;
};

export type KeyAnswer = {
  success: true;
  key: Key;
  /** shown this once */
  secret: string;
};

export type Key = {
  id: string;
  name: string;
  /** how the secret begins, to recognize it by */
  prefix: string;
  models: (string)[] | null;
  expires_at: string | null;
  /** to the minute */
  last_used_at: string | null;
  created_at: string;
};

export type NewKey = {
  name: string;
  /** the models that it may write for; absent: all of its account's */
  models?: (string)[] | null;
  expires_at?: string;
};

export type KeyList = {
  keys: (Key)[];
  count: number;
};

export type ErrorList = {
  errors: (ErrorEntry)[];
  count: number;
  timestamp: string;
};

export type ErrorEntry = {
  id: string;
  time: string;
  level: "warn" | "error";
  message: string;
  /** the error's own code (ECONNREFUSED, 57P01) */
  code?: string;
  /** the request that failed, as METHOD /path/:parameter */
  route?: string;
  /** the HTTP status of the answer */
  status?: number;
  /** the background job that failed */
  job?: string;
  request_id?: string;
};

export type ServiceStatus = Record<string, unknown>;

export type ClearedCache = {
  success: true;
  /** answers that were cached */
  cleared: number;
};

export type UserPage = {
  users: (ListedUser)[];
  count: number;
  next_cursor: string | null;
};

export type ListedUser = (User) & ({
  /** nobody gets in by it */
  disabled: boolean;
  created_at: string;
});

export type ListedUserAnswer = {
  success: true;
  user: ListedUser;
};

export type UserChange = {
  role?: "user" | "observer" | "admin";
  disabled?: boolean;
};

export type ResetLink = {
  success: true;
  /** opens a page that sets a new password, once; shown this once */
  link: string;
  expires_at: string;
};

export interface Api {
  /** Record a trade */
  "POST /api/trades": {
    query: {
      decimals?: "number" | "string";
    };
    header: {
      "idempotency-key"?: string;
    };
    body: NewTrade;
    answers: {
      200: TradeAnswer;
      201: TradeAnswer;
      400: Error;
      401: Error;
      403: Error;
      409: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** Trades, newest first */
  "GET /api/trades": {
    query: {
      model?: string;
      symbol?: string;
      side?: "buy" | "sell";
      status?: "open" | "closed";
      from?: string;
      to?: string;
      limit?: number;
      cursor?: string;
      format?: "json" | "csv";
      decimals?: "number" | "string";
    };
    answers: {
      200: TradePage;
      400: Error;
      401: Error;
      503: Error;
    };
  };
  /** Record up to 1000 trades, all or none */
  "POST /api/trades/bulk": {
    query: {
      decimals?: "number" | "string";
    };
    header: {
      "idempotency-key"?: string;
    };
    body: BulkTrades;
    answers: {
      200: BulkAnswer;
      201: BulkAnswer;
      400: Error;
      401: Error;
      403: Error;
      409: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** One trade */
  "GET /api/trades/{id}": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      id: string;
    };
    answers: {
      200: Trade;
      400: Error;
      401: Error;
      404: Error;
      503: Error;
    };
  };
  /** Close an open trade */
  "PATCH /api/trades/{id}": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      id: string;
    };
    body: TradeClose;
    answers: {
      200: TradeAnswer;
      400: Error;
      401: Error;
      403: Error;
      404: Error;
      409: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** Report what a model holds */
  "POST /api/portfolio": {
    query: {
      decimals?: "number" | "string";
    };
    header: {
      "idempotency-key"?: string;
    };
    body: PortfolioReport;
    answers: {
      200: PortfolioAnswer;
      400: Error;
      401: Error;
      403: Error;
      409: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** One model's portfolio, or all */
  "GET /api/portfolio": {
    query: {
      model?: string;
      limit?: number;
      cursor?: string;
      decimals?: "number" | "string";
    };
    answers: {
      200: ValuedPortfolio | PortfolioList;
      400: Error;
      401: Error;
      404: Error;
      503: Error;
    };
  };
  /** A model's equity curve */
  "GET /api/portfolio/history": {
    query: {
      model: string;
      from?: string;
      to?: string;
      points?: number;
      decimals?: "number" | "string";
    };
    answers: {
      200: PortfolioHistory;
      400: Error;
      401: Error;
      404: Error;
      503: Error;
    };
  };
  /** Score a text; with a symbol it is stored */
  "POST /api/sentiment": {
    query: {
      decimals?: "number" | "string";
    };
    header: {
      "idempotency-key"?: string;
    };
    body: NewSentiment;
    answers: {
      200: SentimentAnswer;
      400: Error;
      401: Error;
      403: Error;
      409: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** Stored scores, newest first */
  "GET /api/sentiment": {
    query: {
      symbol?: string;
      limit?: number;
      cursor?: string;
      decimals?: "number" | "string";
    };
    answers: {
      200: SentimentPage;
      400: Error;
      401: Error;
      503: Error;
    };
  };
  /** How a symbol's scores spread */
  "GET /api/sentiment/summary": {
    query: {
      symbol: string;
      hours?: number;
      decimals?: "number" | "string";
    };
    answers: {
      200: SentimentSummary;
      400: Error;
      401: Error;
      503: Error;
    };
  };
  /** All models, ranked */
  "GET /api/leaderboard": {
    query: {
      limit?: number;
      cursor?: string;
      decimals?: "number" | "string";
    };
    answers: {
      200: Leaderboard;
      400: Error;
      401: Error;
      503: Error;
    };
  };
  /** One model's figures over its closed trades */
  "GET /api/models/{model}/analytics": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      model: string;
    };
    answers: {
      200: ModelAnalytics;
      400: Error;
      401: Error;
      404: Error;
      503: Error;
    };
  };
  /** A symbol's newest price and its last 24 hours */
  "GET /api/market": {
    query: {
      symbol: string;
      decimals?: "number" | "string";
    };
    answers: {
      200: Market;
      400: Error;
      401: Error;
      404: Error;
    };
  };
  /** All symbols */
  "GET /api/markets": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: Markets;
      400: Error;
      401: Error;
    };
  };
  /** A symbol's candles */
  "GET /api/market/candles": {
    query: {
      symbol: string;
      interval: "1m" | "5m" | "1h";
      limit?: number;
      decimals?: "number" | "string";
    };
    answers: {
      200: Candles;
      400: Error;
      401: Error;
      404: Error;
    };
  };
  /** Bring your own prices */
  "POST /api/market/prices": {
    query: {
      decimals?: "number" | "string";
    };
    body: PostedPrices;
    answers: {
      202: AcceptedPrices;
      400: Error;
      401: Error;
      403: Error;
      413: Error;
      415: Error;
      429: Error;
    };
  };
  /** News of the feeds, matched to coins and scored */
  "GET /api/news": {
    query: {
      symbol?: string;
      refresh?: boolean;
      decimals?: "number" | "string";
    };
    answers: {
      200: News;
      400: Error;
      401: Error;
    };
  };
  /** The log itself, paged */
  "GET /api/tape": {
    query: {
      since?: number;
      limit?: number;
      channels?: string;
      decimals?: "number" | "string";
    };
    answers: {
      200: TapePage;
      400: Error;
      401: Error;
      503: Error;
    };
  };
  /** Server-sent events; resumes with Last-Event-ID */
  "GET /api/stream": {
    query: {
      channels: string;
      since?: number;
      epoch?: string;
    };
    header: {
      "last-event-id"?: string;
    };
    answers: {
      200: string;
      400: Error;
      401: Error;
    };
  };
  /** Open an account, and sign in to it */
  "POST /api/auth/register": {
    query: {
      decimals?: "number" | "string";
    };
    body: Registration;
    answers: {
      201: UserAnswer;
      400: Error;
      403: Error;
      409: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** Sign in */
  "POST /api/auth/login": {
    query: {
      decimals?: "number" | "string";
    };
    body: Login;
    answers: {
      200: UserAnswer;
      400: Error;
      401: Error;
      403: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** End this session */
  "POST /api/auth/logout": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: Done;
      403: Error;
      503: Error;
    };
  };
  /** Whose session or key this is */
  "GET /api/auth/me": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: UserAnswer;
      400: Error;
      401: Error;
      403: Error;
      503: Error;
    };
  };
  /** Change this account's password */
  "POST /api/auth/password": {
    query: {
      decimals?: "number" | "string";
    };
    body: PasswordChange;
    answers: {
      200: Done;
      400: Error;
      401: Error;
      403: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** Set a password anew, by the link that an admin made */
  "POST /api/auth/reset": {
    query: {
      decimals?: "number" | "string";
    };
    body: PasswordReset;
    answers: {
      200: Done;
      400: Error;
      403: Error;
      404: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** Close this account for good */
  "DELETE /api/auth/account": {
    query: {
      decimals?: "number" | "string";
    };
    body: AccountClosing;
    answers: {
      200: Done;
      400: Error;
      401: Error;
      403: Error;
      409: Error;
      413: Error;
      415: Error;
      429: Error;
      503: Error;
    };
  };
  /** Where this account is signed in */
  "GET /api/auth/sessions": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: SessionList;
      400: Error;
      401: Error;
      403: Error;
      503: Error;
    };
  };
  /** End all sessions of this account, this one too */
  "DELETE /api/auth/sessions": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: Done;
      401: Error;
      403: Error;
      503: Error;
    };
  };
  /** End a session of this account */
  "DELETE /api/auth/sessions/{id}": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      id: string;
    };
    answers: {
      200: Done;
      400: Error;
      401: Error;
      403: Error;
      404: Error;
      503: Error;
    };
  };
  /** This account's models */
  "GET /api/models/owned": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: ModelList;
      400: Error;
      401: Error;
      403: Error;
      503: Error;
    };
  };
  /** Make a model nobody's: the next to write for it has it */
  "POST /api/models/{model}/release": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      model: string;
    };
    answers: {
      200: Done;
      400: Error;
      401: Error;
      403: Error;
      404: Error;
      409: Error;
      503: Error;
    };
  };
  /** Pass a model on to another account */
  "POST /api/models/{model}/transfer": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      model: string;
    };
    body: ModelTransfer;
    answers: {
      200: Done;
      400: Error;
      401: Error;
      403: Error;
      404: Error;
      409: Error;
      413: Error;
      415: Error;
      503: Error;
    };
  };
  /** Make a key for a bot */
  "POST /api/keys": {
    query: {
      decimals?: "number" | "string";
    };
    body: NewKey;
    answers: {
      201: KeyAnswer;
      400: Error;
      401: Error;
      403: Error;
      409: Error;
      413: Error;
      415: Error;
      503: Error;
    };
  };
  /** This account's keys */
  "GET /api/keys": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: KeyList;
      400: Error;
      401: Error;
      403: Error;
      503: Error;
    };
  };
  /** Revoke a key */
  "DELETE /api/keys/{id}": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      id: string;
    };
    answers: {
      200: Done;
      400: Error;
      401: Error;
      403: Error;
      404: Error;
      503: Error;
    };
  };
  /** What went wrong: the newest 200 of seven days */
  "GET /api/admin/errors": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: ErrorList;
      400: Error;
      401: Error;
      403: Error;
    };
  };
  /** What is up */
  "GET /api/admin/status": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: ServiceStatus;
      400: Error;
      401: Error;
      403: Error;
    };
  };
  /** Clear the cached answers */
  "POST /api/admin/cache/clear": {
    query: {
      decimals?: "number" | "string";
    };
    answers: {
      200: ClearedCache;
      400: Error;
      401: Error;
      403: Error;
      503: Error;
    };
  };
  /** All accounts */
  "GET /api/admin/users": {
    query: {
      limit?: number;
      cursor?: string;
      decimals?: "number" | "string";
    };
    answers: {
      200: UserPage;
      400: Error;
      401: Error;
      403: Error;
      503: Error;
    };
  };
  /** Give an account another role, disable it or enable it again */
  "PATCH /api/admin/users/{id}": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      id: string;
    };
    body: UserChange;
    answers: {
      200: ListedUserAnswer;
      400: Error;
      401: Error;
      403: Error;
      404: Error;
      409: Error;
      413: Error;
      415: Error;
      503: Error;
    };
  };
  /** Make a link that sets an account's password anew, once and within an hour */
  "POST /api/admin/users/{id}/reset": {
    query: {
      decimals?: "number" | "string";
    };
    path: {
      id: string;
    };
    answers: {
      201: ResetLink;
      400: Error;
      401: Error;
      403: Error;
      404: Error;
      503: Error;
    };
  };
  /** The process is alive */
  "GET /healthz": {
    answers: {
      200: {
        status: "alive";
      };
    };
  };
  /** PostgreSQL is reached and migrated */
  "GET /readyz": {
    answers: {
      200: {
        status: string;
        degraded: boolean;
        checks: Record<string, string>;
      };
      503: Error;
    };
  };
  /** Prometheus metrics */
  "GET /metrics": {
    answers: {
      200: string;
    };
  };
  /** This document */
  "GET /openapi.json": {
    answers: {
      200: Record<string, unknown>;
    };
  };
  /** The streaming contract */
  "GET /asyncapi.yaml": {
    answers: {
      200: string;
    };
  };
}
