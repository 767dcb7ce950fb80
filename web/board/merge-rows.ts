import type { LeaderboardRow } from "../client/index.ts";

/** How many of the first rows the stream keeps current. */
export const LIVE_ROWS = 100;

/** Each model's newest row of two frames. */
export function newestRows(
  known: readonly LeaderboardRow[],
  next: readonly LeaderboardRow[],
): LeaderboardRow[] {
  return [...new Map([...known, ...next].map((row) => [row.model, row])).values()];
}

/**
 * The ranking after a frame: its rows stand where they say, the others around them in the order that they had. A row that a
 * frame does not name and whose place it gives away has fallen out of the first 100 unseen, while the connection was slow.
 * @param next each model at most once.
 */
export function mergeRows(
  known: readonly LeaderboardRow[],
  next: readonly LeaderboardRow[],
): readonly LeaderboardRow[] {
  const named = new Set(next.map(({ model }) => model));
  const taken = new Set(next.map(({ rank }) => rank));
  const placed = next.map((row) => ({ row, place: row.rank }));
  for (const row of known) {
    if (named.has(row.model)) continue;
    const isOut = row.rank <= LIVE_ROWS && taken.has(row.rank);
    placed.push({ row, place: isOut ? LIVE_ROWS + 0.5 : row.rank });
  }
  // Those of the frame are first among equals: further down nobody says who moved for them.
  placed.sort((a, b) => a.place - b.place);
  return placed.map(({ row }, index) => (row.rank === index + 1 ? row : { ...row, rank: index + 1 }));
}
