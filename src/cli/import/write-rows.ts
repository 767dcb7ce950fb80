import { setTimeout as sleep } from "node:timers/promises";
import { BULK_LIMIT } from "../../contracts/trades.ts";
import { AppError } from "../../platform/errors.ts";
import { databaseErrorCode, isDatabaseUnavailable } from "../../platform/postgres/errors.ts";
import { recordTrades, type TradesContext } from "../../trades/index.ts";
import type { CheckedRow, RefusedRow } from "./check-rows.ts";

/** Half a minute in all: as long as a database takes to come back from a restart. */
const RETRY_AFTER_MS = [250, 500, 1000, 2000, 4000, 8000, 15_000];
/** Data exceptions and violated constraints: the rows' own fault, not the database's state. */
const ROW_AT_FAULT = /^2[23]/;

export interface Written {
  written: number;
  repeated: number;
  repaired: number;
}

interface Sinks {
  onWritten: (written: Written) => void;
  refuse: (row: RefusedRow) => void;
}

/**
 * Records all rows in batches, through the use case of `POST /api/trades/bulk`. A row that is refused there costs its
 * neighbours nothing. While one batch is on its way the next is read.
 * @throws AppError 503 where the database stays away; what was written before stays.
 */
export async function writeRows(
  context: TradesContext,
  rows: AsyncIterable<CheckedRow>,
  sinks: Sinks,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  const write = (batch: CheckedRow[]) => {
    writing = writeBatch(context, batch, sinks);
    // Its failure is met where it is awaited; until then it must not count as unhandled.
    writing.catch(() => {});
  };
  let batch: CheckedRow[] = [];
  try {
    for await (const row of rows) {
      batch.push(row);
      if (batch.length < BULK_LIMIT) continue;
      await writing;
      write(batch);
      batch = [];
    }
    await writing;
    if (batch.length > 0) write(batch);
  } finally {
    await writing;
  }
}

async function writeBatch(context: TradesContext, batch: CheckedRow[], sinks: Sinks): Promise<void> {
  let rows = batch;
  while (rows.length > 0) {
    try {
      const { repeated } = await recordPatiently(context, rows);
      const repaired = rows.filter((row) => row.repaired).length;
      sinks.onWritten({ written: rows.length - repeated, repeated, repaired });
      return;
    } catch (error) {
      const bad = conflicting(error);
      if (bad.size > 0) {
        for (const [index, reason] of bad) refuseRow(rows[index], reason, sinks);
        rows = rows.filter((_, index) => !bad.has(index));
      } else if (!ROW_AT_FAULT.test(databaseErrorCode(error) ?? "")) throw error;
      else if (rows.length === 1) {
        refuseRow(rows[0], `was refused by PostgreSQL: ${(error as Error).message}`, sinks);
        return;
      } else {
        // PostgreSQL does not say which row it was, so the halves are tried alone, down to the one.
        const middle = Math.ceil(rows.length / 2);
        await writeBatch(context, rows.slice(0, middle), sinks);
        rows = rows.slice(middle);
      }
    }
  }
}

/** Every row has an id, so to send the batch again is safe even where the first may have been written. */
async function recordPatiently(context: TradesContext, rows: CheckedRow[]) {
  for (const delay of RETRY_AFTER_MS) {
    try {
      return await recordTrades(
        context,
        rows.map((row) => row.trade),
      );
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(delay);
    }
  }
  return await recordTrades(
    context,
    rows.map((row) => row.trade),
  );
}

const isPassing = (error: unknown) =>
  error instanceof AppError ? error.status === 503 : isDatabaseUnavailable(error);

/** Positions and reasons of the rows that a 409 names (`trades.17.id`). */
function conflicting(error: unknown): Map<number, string> {
  const bad = new Map<number, string>();
  if (!(error instanceof AppError) || error.status !== 409) return bad;
  for (const { path, message } of error.details ?? []) {
    const [, index, field] = /^trades\.(\d+)\.(\w+)$/.exec(path) ?? [];
    if (index !== undefined) bad.set(Number(index), `${field} ${message}`);
  }
  return bad;
}

function refuseRow(row: CheckedRow | undefined, reason: string, { refuse }: Sinks): void {
  if (row !== undefined) refuse({ line: row.line, id: row.trade.id, reason });
}
