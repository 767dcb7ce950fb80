import { notFound } from "../platform/errors.ts";
import type { Limit } from "../platform/limit-concurrency.ts";
import type { Database } from "../platform/postgres/database.ts";
import { analyticsFields, type Middle } from "./analytics-figures.ts";
import type { ReadFresh } from "./board/read-fresh.ts";
import type { Scoreboard } from "./board/scoreboard.ts";
import { lookUpMedian } from "./look-up-medians.ts";
import { copyCurve } from "./score/curve.ts";
import { MedianWindow } from "./score/median-window.ts";
import type { ModelScore } from "./score/model-score.ts";

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
    const { version } = score;
    computed++;
    const figures = workOut(score);
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

  /** From what the board has, but for a median that has moved out of sight. */
  async function workOut(score: ModelScore): Promise<Figures> {
    const { version, curve } = score;
    const { asOf } = board;
    if (curve === undefined) throw new Error("a fresh board has no lost ledger");
    const { sums, reportedFall } = score;
    const then = {
      sums: { ...sums },
      curve: copyCurve(curve),
      reportedFall: reportedFall && { ...reportedFall },
    };
    const middle = async (of: "notionals" | "holdings", count: number): Promise<Middle> => {
      const held = score[of].middle;
      if (held !== undefined) return held;
      const found = await limit(() => lookUpMedian(database, of, { model: score.model, asOf, count }));
      if (score.sums === sums && sums.trades === then.sums.trades) score.setMedian(of, found);
      const { middle } = new MedianWindow(() => Number.POSITIVE_INFINITY, found);
      // Beside a count that is not the table's there is no median.
      if (middle === undefined) throw new Error(`the trades of ${score.model} are not those on the tape`);
      return middle;
    };
    const [notionals, holdings] = await Promise.all([
      middle("notionals", sums.trades),
      middle("holdings", sums.held),
    ]);
    return { fields: analyticsFields({ ...then, notionals, holdings }), version, asOf };
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
