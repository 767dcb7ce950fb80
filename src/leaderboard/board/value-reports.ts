import { setTimeout as sleep } from "node:timers/promises";
import { PRODUCT_DECIMALS, toUnits } from "../../contracts/units.ts";
import type { Database, Statement } from "../../platform/postgres/database.ts";
import type { ModelScore } from "../score/model-score.ts";

const PAGE = 500;
const RETRY_MS = 1_000;

// A tape that was written elsewhere may say milliseconds where the table has more.
const VALUES: Statement = {
  name: "value-reports",
  text: `SELECT p.seq, p.equity
    FROM json_to_recordset($1::json) AS asked(model text, at timestamptz, seq bigint)
    CROSS JOIN LATERAL (
      SELECT seq, equity FROM portfolio_points
      WHERE model = asked.model AND at >= asked.at AND at < asked.at + interval '1 millisecond' AND seq = asked.seq
    ) p`,
};

interface Report {
  score: ModelScore;
  /** Unix milliseconds. */
  at: number;
  seq: number;
}

export interface ReportValues {
  /** A report came from the tape; they come in seq order. */
  ask(report: Report): void;
  /** Whether all reports up to a seq have their value. */
  has(seq: number): boolean;
  /** Resolves once none is asked for; rejects never. */
  idle(): Promise<void>;
  /** Forgets what is asked for. */
  clear(): void;
}

/**
 * What a report was worth with the prices of its moment is not on the tape: it was written beside it, in the same commit,
 * and is looked up here, so that all instances count with the same number. One statement at a time takes all that have
 * come while the one before it was under way.
 */
export function valueReports(
  database: Database,
  onValues: (scores: Set<ModelScore>) => void,
  onError: (error: unknown, what: string) => void,
): ReportValues {
  let asked: Report[] = [];
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (asked.length > 0) {
      const page = asked.slice(0, PAGE);
      const of = asked;
      try {
        const values = await lookUp(database, page);
        // They are of a board that is no longer there.
        if (of !== asked) continue;
        for (const { score, at, seq } of page) {
          const equity = values.get(seq);
          if (equity !== undefined) score.noteValue({ at, seq, equity });
        }
        asked.splice(0, page.length);
        onValues(new Set(page.map(({ score }) => score)));
      } catch (error) {
        onError(error, "what reports were worth cannot be read; trying again");
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  return {
    ask(report) {
      asked.push(report);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    has: (seq) => (asked[0]?.seq ?? Number.POSITIVE_INFINITY) > seq,
    idle: async () => await working,
    clear() {
      asked = [];
    },
  };
}

async function lookUp(database: Database, reports: readonly Report[]): Promise<Map<number, bigint>> {
  const wanted = reports.map(({ score, at, seq }) => ({
    model: score.model,
    at: new Date(at).toISOString(),
    seq,
  }));
  const rows = await database.run<{ seq: string; equity: string }>(VALUES, [JSON.stringify(wanted)]);
  return new Map(rows.map(({ seq, equity }) => [Number(seq), toUnits(equity, PRODUCT_DECIMALS)]));
}
