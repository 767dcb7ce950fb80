import { BULK_LIMIT } from "../../contracts/trades.ts";
import type { CheckedRow } from "./check-rows.ts";
import type { Outcome } from "./report.ts";
import type { Sink } from "./sinks/sink.ts";

/** Batches on their way at once: while PostgreSQL works on one, the next is being put together. */
export const IN_FLIGHT = 3;

/**
 * Passes all rows to the sink in batches of one kind, several on their way at once. What a source yielded before it
 * failed is passed on like the rest.
 * @param onBatch is told of each batch that is through.
 * @throws what the source or the sink throws, once nothing is on its way any more.
 */
export async function passRows(
  rows: AsyncIterable<CheckedRow>,
  sink: Sink,
  onBatch: (batch: readonly CheckedRow[], outcomes: readonly Outcome[]) => void,
): Promise<void> {
  const flying: Promise<void>[] = [];
  const send = async (batch: readonly CheckedRow[]) => {
    if (flying.length >= IN_FLIGHT) await flying.shift();
    const taking = sink.take(batch).then((outcomes) => onBatch(batch, outcomes));
    // Its failure is met where it is awaited; until then it must not count as unhandled.
    taking.catch(() => {});
    flying.push(taking);
  };
  const reading = rows[Symbol.asyncIterator]();
  let failure: { error: unknown } | undefined;
  const read = async () => {
    try {
      const { done, value } = await reading.next();
      return done === true ? undefined : value;
    } catch (error) {
      failure = { error };
      return undefined;
    }
  };
  let batch: CheckedRow[] = [];
  try {
    for (let row = await read(); row !== undefined; row = await read()) {
      // A portfolio's opening looks at its model's trades, so what came before has to be through.
      if (batch.length > 0 && batch[0]?.kind !== row.kind) {
        await send(batch);
        await Promise.all(flying.splice(0));
        batch = [];
      }
      batch.push(row);
      if (batch.length < BULK_LIMIT) continue;
      await send(batch);
      batch = [];
    }
    if (batch.length > 0) await send(batch);
    await Promise.all(flying);
    if (failure !== undefined) throw failure.error;
  } finally {
    await reading.return?.();
    await Promise.allSettled(flying);
  }
}
