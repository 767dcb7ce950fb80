import type { NewTrade } from "../contracts/trades.ts";
import type { Database } from "../platform/postgres/database.ts";
import { findTrades } from "./find-trade.ts";
import { isSameTrade, matchesTrade, type TradeColumns, tradeFromRow } from "./trade-text.ts";

/** How a trade stands to what is recorded under its id; `closable`: it is open there, and the same but for its close. */
export type TradeStanding = "new" | "same" | "closable" | "different";

const CHANGED_BY_CLOSE = new Set(["status", "exit_price", "pnl", "fee", "closed_at"]);

/** Says of each trade what recording it would meet. Reads only. @throws AppError 503 */
export async function compareTrades(
  database: Database,
  sent: readonly (NewTrade & { id: string })[],
): Promise<TradeStanding[]> {
  const stored = await findTrades(
    database,
    sent.map(({ id }) => id),
  );
  return sent.map((trade) => {
    const row = stored.get(trade.id);
    if (row === undefined) return "new";
    if (isSameTrade(trade, row)) return "same";
    return isItsClose(trade, row) ? "closable" : "different";
  });
}

function isItsClose(sent: NewTrade, row: TradeColumns): boolean {
  if (row.status !== "open" || sent.status !== "closed") return false;
  const opening = Object.fromEntries(Object.entries(sent).filter(([field]) => !CHANGED_BY_CLOSE.has(field)));
  return matchesTrade(opening, tradeFromRow(row));
}
