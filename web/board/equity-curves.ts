import type { CurvePoint } from "../chart/curve.ts";
import { type Changing, createChanges } from "./changes.ts";
import { getUntilThere, pathOf, type Trouble } from "./rest.ts";

const HISTORY_POINTS = 300;
/** A curve that grew this long by live points is loaded anew, thinned by the service. */
const MOST_POINTS = 900;
const AT_ONCE = 4;

interface History {
  points: { t: string; equity: number }[];
}

/** The models' equity curves: the past by REST, what happens by whoever hears of it. */
export interface EquityCurves extends Changing {
  readonly trouble: Trouble | undefined;
  /** Oldest point first; undefined until it is there. */
  get(model: string): readonly CurvePoint[] | undefined;
  /** Loads the curves that are not there yet or on their way. */
  want(models: readonly string[]): void;
  /** Loads a curve anew, and keeps the old one until then. */
  renew(model: string): void;
  /** Adds a point, also one of the past, to a curve that is there. */
  insert(model: string, point: CurvePoint): void;
  /** Forgets all, for the tape is another one. */
  clear(): void;
}

export function createEquityCurves(): EquityCurves {
  const { changed, subscribe } = createChanges();
  const curves = new Map<string, CurvePoint[]>();
  const wanted = new Set<string>();
  const waiting: string[] = [];
  let workers = 0;
  let generation = 0;
  let trouble: Trouble | undefined;

  const load = async (model: string) => {
    const mine = generation;
    const history = await getUntilThere<History>(
      pathOf("/api/portfolio/history", { model, points: HISTORY_POINTS }),
      (met) => {
        trouble = met;
        changed();
      },
      () => mine === generation,
    );
    if (history === undefined || mine !== generation) return;
    curves.set(
      model,
      history.points.map(({ t, equity }) => ({ t: Date.parse(t), equity })),
    );
    changed();
  };
  const work = async () => {
    workers++;
    for (let model = waiting.shift(); model !== undefined; model = waiting.shift()) await load(model);
    workers--;
  };
  const want = (models: readonly string[]) => {
    for (const model of models) {
      if (wanted.has(model)) continue;
      wanted.add(model);
      waiting.push(model);
    }
    for (let free = Math.min(AT_ONCE - workers, waiting.length); free > 0; free--) void work();
  };

  const renew = (model: string) => {
    wanted.delete(model);
    want([model]);
  };

  return {
    subscribe,
    get trouble() {
      return trouble;
    },
    get: (model) => curves.get(model),
    want,
    renew,
    insert(model, point) {
      const curve = curves.get(model);
      if (curve === undefined) return;
      let at = curve.length;
      while (at > 0 && (curve[at - 1]?.t ?? 0) > point.t) at--;
      curve.splice(at, 0, point);
      if (curve.length === MOST_POINTS) renew(model);
      changed();
    },
    clear() {
      generation++;
      curves.clear();
      wanted.clear();
      waiting.length = 0;
    },
  };
}
