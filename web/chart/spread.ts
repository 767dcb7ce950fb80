/**
 * Moves labels apart so that none covers another, in the order of where they want to be.
 * @param wanted where each wants its middle, px from the top
 * @param gap least distance of two middles, px
 */
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
