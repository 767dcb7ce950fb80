import type { WriteGuard } from "../platform/http/write-guard.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { Appender } from "../tape/index.ts";

export interface SentimentContext {
  database: Database;
  appender: Appender;
  /** Absent: whoever uses this may write for every model. */
  mayWrite?: WriteGuard;
}
