/** One point of an equity curve. */
export interface CurvePoint {
  /** Unix milliseconds. */
  t: number;
  /** Quote currency. */
  equity: number;
}

/** A model's curve as it is drawn. */
export interface Curve {
  model: string;
  points: readonly CurvePoint[];
}

/** A linear scale from values to pixels. */
export interface Scale {
  (value: number): number;
  low: number;
  high: number;
}

export function scale(low: number, high: number, from: number, to: number): Scale {
  const size = high - low || 1;
  return Object.assign((value: number) => from + ((value - low) / size) * (to - from), { low, high });
}

/** Lowest and highest equity with some air around; a flat line gets a range too. */
export function equityRange(curves: readonly Curve[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { points } of curves) {
    for (const { equity } of points) {
      low = Math.min(low, equity);
      high = Math.max(high, equity);
    }
  }
  if (low > high) return [0, 1];
  const air = (high - low) * 0.08 || Math.abs(high) * 0.01 || 1;
  return [low - air, high + air];
}

export function timeRange(curves: readonly Curve[]): [number, number] {
  const times = curves.flatMap(({ points }) => [points[0]?.t ?? [], points.at(-1)?.t ?? []].flat());
  return times.length === 0 ? [0, 1] : [Math.min(...times), Math.max(...times)];
}

/** About `count` round values (1, 2 or 5 times a power of ten apart) within the range. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step);
}

/** The `d` of a line through the points. */
export function linePath(points: readonly CurvePoint[], x: Scale, y: Scale): string {
  return points
    .map(({ t, equity }, at) => `${at === 0 ? "M" : "L"}${x(t).toFixed(1)} ${y(equity).toFixed(1)}`)
    .join("");
}

/** Moves labels apart so that none covers another, in the order of where they want to be. */
export function spread(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let edge = top;
  for (const label of order) {
    label.y = Math.max(label.y, edge);
    edge = label.y + gap;
  }
  edge = bottom;
  for (const label of order.toReversed()) {
    label.y = Math.min(label.y, edge);
    edge = label.y - gap;
  }
  const places = new Array<number>(wanted.length).fill(0);
  for (const { y, index } of order) places[index] = y;
  return places;
}
