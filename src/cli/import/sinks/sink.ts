import type { CheckedRow } from "../check-rows.ts";
import type { Outcome } from "../report.ts";

/** Where checked rows go: into the playground, or only past it to see what it would do. */
export interface Sink {
  /**
   * Takes rows of one kind, at most `BULK_LIMIT`. @returns what became of each.
   * @throws AppError 503 where the database stays away; what was written before stays.
   */
  take(rows: readonly CheckedRow[]): Promise<Outcome[]>;
}
