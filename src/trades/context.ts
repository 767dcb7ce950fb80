import type { WriteGuard } from "../platform/http/write-guard.ts";
import type { Database } from "../platform/postgres/database.ts";
import type { Appender, CachedAnswers } from "../tape/index.ts";
import type { ExportLimits } from "./count-exports.ts";

/** What the trades' use cases work with. */
export interface TradesContext {
  database: Database;
  appender: Appender;
  answers: CachedAnswers;
  /** Absent: any number of exports. */
  exports?: ExportLimits;
  /** Absent: whoever uses this may write for every model. */
  mayWrite?: WriteGuard;
}
