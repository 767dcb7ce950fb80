import { isoNow } from "../contracts/clock.ts";
import type { TradeClose } from "../contracts/trades.ts";
import { conflict } from "../platform/errors.ts";
import { recordText } from "../tape/index.ts";
import type { TradesContext } from "./context.ts";
import { findTrade } from "./find-trade.ts";
import { tradeFromRow, tradeText } from "./trade-text.ts";
import { TRADE_CLOSE } from "./write-kinds.ts";

/** A close of another store may name no price. */
type Close = Omit<TradeClose, "exit_price"> & { exit_price?: string | undefined };

/**
 * Closes an open trade; what is not sent (`pnl`, `fee`) stays as it was, `closed_at` is now.
 * @returns the closed trade's JSON text, with the seq of the close.
 * @param mayWrite throws where the trade's model is not the caller's to write for; absent: every model is.
 * @throws AppError 404; 403; 409 where it is closed already; 503.
 */
export async function closeTrade(
  { appender, database }: TradesContext,
  id: string,
  close: Close,
  mayWrite?: (model: string) => Promise<void> | undefined,
): Promise<string> {
  const row = await findTrade(database, id);
  await mayWrite?.(row.model);
  const alreadyClosed = () => conflict("This trade is closed already.");
  if (row.status === "closed") throw alreadyClosed();
  const open = tradeFromRow(row);
  // An open trade changes in no other way than by its close, so what was just read is still right if it is still open.
  const closed = {
    ...open,
    status: "closed" as const,
    exit_price: close.exit_price ?? open.exit_price,
    pnl: close.pnl ?? open.pnl,
    fee: close.fee ?? open.fee,
    closed_at: close.closed_at ?? isoNow(),
  };
  const outcome = await appender.append(TRADE_CLOSE, [
    { model: closed.model, symbol: closed.symbol, body: tradeText(closed), given: true, locks: [`id ${id}`] },
  ]);
  const entry = outcome.written ? outcome.entries[0] : undefined;
  if (entry === undefined) throw alreadyClosed();
  return recordText(entry);
}
