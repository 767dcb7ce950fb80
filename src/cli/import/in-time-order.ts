import type { CheckedRow } from "./check-rows.ts";

const MAX_ROWS = 200_000;
const MAX_BYTES = 128 * 1024 * 1024;
const ROW_BYTES = 400;

type TradeRow = CheckedRow<"trade">;

/**
 * Yields the trades oldest first, so that the tape reads as the trading went. Where there are more than memory should
 * hold (200,000, or fewer with long notes) they come in the source's order. Records of other kinds pass as they come;
 * sources bring their trades first.
 */
export async function* inTimeOrder(rows: AsyncIterable<CheckedRow>): AsyncGenerator<CheckedRow> {
  let held: TradeRow[] | undefined = [];
  let bytes = 0;
  for await (const row of rows) {
    if (row.kind !== "trade" || held === undefined) {
      if (held !== undefined) yield* sorted(held.splice(0));
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
  if (held !== undefined) yield* sorted(held);
}

function sorted(rows: TradeRow[]): TradeRow[] {
  const first = rows[0];
  const last = rows.at(-1);
  // An export comes newest first: turned round, rows of the same moment come in their order too.
  const ordered =
    first !== undefined && last !== undefined && time(first) > time(last) ? rows.reverse() : rows;
  return ordered.sort((a, b) => (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0));
}

/** A row without a time is recorded as of now, so behind all others. ISO times in UTC sort as text. */
const time = ({ record }: TradeRow) => record.timestamp ?? "~";

function sizeOf({ record }: TradeRow): number {
  const meta = record.meta === undefined ? 0 : JSON.stringify(record.meta).length * 4;
  return ROW_BYTES + (record.note?.length ?? 0) * 2 + meta;
}
