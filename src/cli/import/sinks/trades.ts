import { AppError } from "../../../platform/errors.ts";
import { databaseErrorCode } from "../../../platform/postgres/errors.ts";
import { closeTrade, compareTrades, recordTrades, type TradesContext } from "../../../trades/index.ts";
import type { Outcome } from "../report.ts";
import type { Records } from "../source.ts";
import { patiently } from "./patience.ts";

/** Data exceptions and violated constraints: the rows' own fault, not the database's state. */
const ROW_AT_FAULT = /^2[23]/;

type Trade = Records["trade"];

/**
 * Records trades through the use case of `POST /api/trades/bulk`. A row that is refused there costs its neighbours
 * nothing, and a trade that was open when it was taken over is closed here where its source has closed it since.
 */
export async function takeTrades(context: TradesContext, batch: readonly Trade[]): Promise<Outcome[]> {
  const outcomes: (Outcome | undefined)[] = batch.map(() => undefined);
  let rest = batch.map((_, index) => index);
  while (rest.length > 0) {
    const rows = rest.map((index) => batch[index] as Trade);
    try {
      const { repeatedRows } = await patiently(() => recordTrades(context, rows));
      const repeated = new Set(repeatedRows);
      for (const [n, index] of rest.entries()) outcomes[index] = repeated.has(n) ? "repeated" : "new";
      break;
    } catch (error) {
      const bad = conflicting(error);
      if (bad.size > 0) {
        for (const [n, reason] of bad) {
          outcomes[rest[n] as number] = await closeOrRefuse(context, rows[n] as Trade, reason);
        }
        rest = rest.filter((_, n) => !bad.has(n));
      } else if (!ROW_AT_FAULT.test(databaseErrorCode(error) ?? "")) throw error;
      else if (rows.length === 1) {
        outcomes[rest[0] as number] = { refused: `was refused by PostgreSQL: ${(error as Error).message}` };
        break;
      } else {
        // PostgreSQL does not say which row it was, so the halves are tried alone, down to the one.
        const middle = Math.ceil(rows.length / 2);
        const half = await takeTrades(context, rows.slice(0, middle));
        for (const [n, outcome] of half.entries()) outcomes[rest[n] as number] = outcome;
        rest = rest.slice(middle);
      }
    }
  }
  return outcomes as Outcome[];
}

async function closeOrRefuse(context: TradesContext, trade: Trade, reason: string): Promise<Outcome> {
  const { id, exit_price, pnl, fee, closed_at } = trade;
  const [standing] = await compareTrades(context.database, [trade]);
  if (standing !== "closable") return { refused: reason };
  await patiently(() =>
    closeTrade(context, id, { exit_price, pnl, fee, closed_at }).catch((error: unknown) => {
      // A try before this one, whose answer was lost, has closed it.
      if (!(error instanceof AppError) || error.status !== 409) throw error;
    }),
  );
  return "new";
}

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
