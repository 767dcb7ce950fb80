/** Where rows stand in a long list in which most have one height and a few opened ones are taller. */
export interface RowLayout {
  /** Height of all rows together, px. */
  total: number;
  /** Distance of a row from the top of the list, px. */
  top(index: number): number;
  /** First and one past the last row that touch the window from `from` to `to`, px. */
  range(from: number, to: number): { start: number; end: number };
}

/**
 * @param rowHeight px
 * @param extras what opened rows are taller by, px, in ascending order of their index.
 */
export function layOutRows(
  count: number,
  rowHeight: number,
  extras: readonly { index: number; height: number }[],
): RowLayout {
  const top = (index: number) =>
    extras.reduce(
      (sum, extra) => (extra.index < index ? sum + extra.height : sum),
      Math.min(index, count) * rowHeight,
    );
  const indexAt = (y: number) => {
    let above = 0;
    for (const extra of extras) {
      const start = extra.index * rowHeight + above;
      if (y < start + rowHeight) break;
      if (y < start + rowHeight + extra.height) return extra.index;
      above += extra.height;
    }
    return Math.floor((y - above) / rowHeight);
  };
  const within = (index: number) => Math.min(count, Math.max(0, index));
  return {
    total: top(count),
    top,
    range: (from, to) => ({ start: within(indexAt(from)), end: within(indexAt(to) + 1) }),
  };
}
