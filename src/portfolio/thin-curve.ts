/**
 * The points of a curve to show: the last of each of `points` equal runs of the `count` that there are, so that the newest
 * always shows. @returns their indexes, in order; all where there are no more than that.
 */
export function shownIndexes(count: number, points: number): number[] {
  if (count <= points) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: points }, (_, run) => Math.ceil(((run + 1) * count) / points) - 1);
}

/**
 * How many of the first `count` of two sorted sequences together come from the first; of equal ones the first one's come
 * first.
 * @param first its times between `first.from` and `first.to`, and likewise `second`.
 */
export function shareOfFirst(count: number, first: Sequence, second: Sequence): number {
  let low = Math.max(0, count - (second.to - second.from));
  let high = Math.min(count, first.to - first.from);
  while (low < high) {
    const taken = (low + high) >>> 1;
    // Whether the first one's next comes before the last that would be taken of the second.
    if (first.time(first.from + taken) <= second.time(second.from + count - taken - 1)) low = taken + 1;
    else high = taken;
  }
  return low;
}

/** A stretch of a sequence sorted by time. */
export interface Sequence {
  from: number;
  to: number;
  time(index: number): number;
}
