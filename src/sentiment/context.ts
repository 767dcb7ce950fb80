import type { Database } from "../platform/postgres/database.ts";
import type { Appender } from "../tape/index.ts";

export interface SentimentContext {
  database: Database;
  appender: Appender;
}
