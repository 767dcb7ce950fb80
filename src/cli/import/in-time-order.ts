import type { CheckedRow } from "./check-rows.ts";

const MAX_ROWS = 200_000;
const MAX_BYTES = 128 * 1024 * 1024;
const ROW_BYTES = 400;

/**
 * Yields the rows oldest first, so that the tape reads as the trading went. Where there are more than memory should
 * hold (200,000, or fewer with long notes) they come in the source's order.
 * @param onSorted is told how many rows there are, where all are known before the first comes out.
 */
export async function* inTimeOrder(
  rows: AsyncIterable<CheckedRow>,
  onSorted: (count: number) => void,
): AsyncGenerator<CheckedRow> {
  let held: CheckedRow[] | undefined = [];
  let bytes = 0;
  for await (const row of rows) {
    if (held === undefined) {
      yield row;
      continue;
    }
    held.push(row);
    bytes += sizeOf(row);
    if (held.length > MAX_ROWS || bytes > MAX_BYTES) {
      yield* held;
      held = undefined;
    }
  }
  if (held === undefined) return;
  onSorted(held.length);
  yield* sorted(held);
}

function sorted(rows: CheckedRow[]): CheckedRow[] {
  const first = rows[0];
  const last = rows.at(-1);
  // An export comes newest first: turned round, rows of the same moment come in their order too.
  const ordered =
    first !== undefined && last !== undefined && time(first) > time(last) ? rows.reverse() : rows;
  return ordered.sort((a, b) => (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0));
}

/** A row without a time is recorded as of now, so behind all others. ISO times in UTC sort as text. */
const time = ({ trade }: CheckedRow) => trade.timestamp ?? "~";

function sizeOf({ trade }: CheckedRow): number {
  const meta = trade.meta === undefined ? 0 : JSON.stringify(trade.meta).length * 4;
  return ROW_BYTES + (trade.note?.length ?? 0) * 2 + meta;
}
