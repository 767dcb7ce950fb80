import type { WriteGuard } from "../platform/http/write-guard.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { Appender, CachedAnswers } from "../tape/index.ts";
import type { PriceBook } from "./valuation.ts";

export interface PortfolioContext {
  database: Database;
  appender: Appender;
  answers: CachedAnswers;
  prices: PriceBook;
  /** How many positions a report may hold. */
  maxPositions: number;
  /** Absent: whoever uses this may write for every model. */
  mayWrite?: WriteGuard;
}
