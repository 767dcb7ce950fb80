/** One point of an equity curve. */
export interface CurvePoint {
  /** Unix milliseconds. */
  t: number;
  /** Quote currency. */
  equity: number;
}

/** A model's equity over time, oldest point first. */
export interface Curve {
  model: string;
  points: readonly CurvePoint[];
}

const DAY_MS = 86_400_000;

/**
 * The curve with what it is worth now at its end. Where nothing has changed for a day it is left as it is: a season that
 * is over would else shrink to an edge of a long flat line.
 * @param now Unix milliseconds.
 */
export function withTip(points: readonly CurvePoint[], now: number, equity: number): readonly CurvePoint[] {
  const last = points.at(-1);
  if (last === undefined) return [{ t: now, equity }];
  if (last.equity === equity && now - last.t > DAY_MS) return points;
  return [...points, { t: Math.max(now, last.t), equity }];
}

/** The part of a curve from a moment on; it begins there with what it was worth then. @param from Unix milliseconds. */
export function since(points: readonly CurvePoint[], from: number): readonly CurvePoint[] {
  const first = points.findIndex(({ t }) => t >= from);
  const before = points[first < 0 ? points.length - 1 : first - 1];
  const rest = first < 0 ? [] : points.slice(first);
  return before === undefined ? rest : [{ t: from, equity: before.equity }, ...rest];
}

/** Curves at the same, evenly spaced times; undefined before a curve begins. */
export interface Grid {
  /** Unix seconds. */
  times: number[];
  values: (number | undefined)[][];
}

/**
 * Brings curves onto even times, since the chart spaces its points evenly whatever lies between them. Equity holds from
 * one report to the next, so each time has the last value up to then.
 * @param steps how many times there are at most; they are at least a second apart.
 */
export function onGrid(curves: readonly Curve[], steps: number): Grid {
  const starts = curves.flatMap(({ points }) => points[0]?.t ?? []);
  const ends = curves.flatMap(({ points }) => points.at(-1)?.t ?? []);
  if (starts.length === 0) return { times: [], values: curves.map(() => []) };
  const from = Math.floor(Math.min(...starts) / 1000);
  const to = Math.ceil(Math.max(...ends) / 1000);
  const step = Math.max(1, Math.ceil((to - from) / steps));
  const count = Math.ceil((to - from) / step) + 1;
  // Counted back from the end, so that the newest point is the newest value.
  const times = Array.from({ length: count }, (_, at) => to - (count - 1 - at) * step);
  return { times, values: curves.map(({ points }) => valuesAt(points, times)) };
}

function valuesAt(points: readonly CurvePoint[], times: readonly number[]): (number | undefined)[] {
  let next = 0;
  let value: number | undefined;
  return times.map((time) => {
    for (let point = points[next]; point !== undefined && point.t <= time * 1000; point = points[++next]) {
      value = point.equity;
    }
    return value;
  });
}
