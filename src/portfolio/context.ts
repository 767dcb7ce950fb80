import type { Database } from "../platform/postgres/database.ts";
import type { Appender, CachedAnswers } from "../tape/index.ts";
import type { PriceBook } from "./valuation.ts";

export interface PortfolioContext {
  database: Database;
  appender: Appender;
  answers: CachedAnswers;
  prices: PriceBook;
}
