import { notFound } from "../platform/errors.ts";
import type { Limit } from "../platform/limit-concurrency.ts";
import type { Database } from "../platform/postgres/database.ts";
import { analyticsFields } from "./analytics-figures.ts";
import { sumClosedTrades } from "./closed-trades.ts";
import { copyCurve } from "./curve.ts";
import type { ModelScore } from "./model-score.ts";
import type { ReadFresh } from "./read-fresh.ts";
import type { Scoreboard } from "./scoreboard.ts";

/** A model's figures as of one seq. */
interface Figures {
  fields: string;
  version: number;
  asOf: number;
}

/** One working out of a model's figures, done or under way. */
interface Job {
  version: number;
  figures: Promise<Figures>;
  isDone: boolean;
  /** What those share who asked for a newer version while this was under way. */
  next?: Promise<Figures>;
}

export interface AnalyticsOptions {
  database: Database;
  board: Scoreboard;
  readFresh: ReadFresh;
  limit: Limit;
}

export interface Analytics {
  /** One model's figures as JSON text. @throws AppError 404 where the model has done nothing; 503. */
  read(model: string): Promise<string>;
  /** How often figures were worked out. */
  readonly computed: number;
}

/**
 * Figures are worked out at most once a model and change of its ledger, however many ask: they are kept with the version
 * of the ledger that they are of. While they are being worked out, all who ask for a newer version share the next turn.
 */
export function analyticsReader({ database, board, readFresh, limit }: AnalyticsOptions): Analytics {
  // By the score itself: a board that was loaded anew has others, and its seqs may mean another tape's.
  const jobs = new WeakMap<ModelScore, Job>();
  let computed = 0;

  function figuresOf(model: string): Promise<Figures> {
    const score = board.get(model);
    if (score === undefined) throw notFound("This model has reported no portfolio and no trade.");
    const known = jobs.get(score);
    if (known?.version === score.version) return known.figures;
    if (known === undefined || known.isDone) return start(score);
    known.next ??= known.figures.then(
      () => readFresh(() => figuresOf(model)),
      () => readFresh(() => figuresOf(model)),
    );
    return known.next;
  }

  function start(score: ModelScore): Promise<Figures> {
    const { model, version, curve } = score;
    const { asOf } = board;
    if (curve === undefined) throw new Error("a fresh board has no lost curve");
    const then = copyCurve(curve);
    const figures = limit(async () => {
      computed++;
      const fields = analyticsFields(await sumClosedTrades(database, model, asOf), then);
      return { fields, version, asOf };
    });
    const job: Job = { version, figures, isDone: false };
    jobs.set(score, job);
    figures.then(
      () => {
        job.isDone = true;
      },
      () => {
        job.isDone = true;
        if (jobs.get(score) === job) jobs.delete(score);
      },
    );
    return figures;
  }

  return {
    get computed() {
      return computed;
    },
    async read(model) {
      const asked = await readFresh(() => ({
        figures: figuresOf(model),
        version: board.get(model)?.version,
        asOf: board.asOf,
      }));
      const { fields, version, asOf } = await asked.figures;
      // What the ledger was at `asOf` it still was when it was asked for.
      const until = version === asked.version ? Math.max(asOf, asked.asOf) : asOf;
      return `{"model":${JSON.stringify(model)},${fields},"as_of_seq":${until}}`;
    },
  };
}
