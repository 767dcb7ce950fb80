import { isoNow } from "../contracts/clock.ts";
import { closesTooEarly, netPnl, PNL_TOO_LARGE, type Trade, type TradeClose } from "../contracts/trades.ts";
import { conflict, validationError } from "../platform/errors.ts";
import type { Writer } from "../platform/http/write-guard.ts";
import { recordText } from "../tape/index.ts";
import type { TradesContext } from "./context.ts";
import { findTrade } from "./find-trade.ts";
import { rowText } from "./record-trade.ts";
import { matchesTrade, type TradeColumns, tradeFromRow, tradeText } from "./trade-text.ts";
import { TRADE_CLOSE } from "./write-kinds.ts";

/** A close of another store may name no price. */
type Close = Omit<TradeClose, "exit_price"> & { exit_price?: string | undefined };

/**
 * Closes an open trade. `pnl` that is not sent follows from the prices, `fee` stays as it was, `closed_at` is now. Closing
 * it again with the same content answers the trade, so that a retry is safe; fields left out are not compared.
 * @returns the closed trade's JSON text, with the seq of the close.
 * @param writerFor who writes for the trade's model; absent: nobody asks whose it is.
 * @throws AppError 400 where it would close before it opened; 404; 403; 409 where it is closed already, otherwise; 503.
 */
export async function closeTrade(
  { appender, database }: TradesContext,
  id: string,
  close: Close,
  writerFor?: (model: string) => Writer | undefined,
): Promise<string> {
  const row = await findTrade(database, id);
  const writer = writerFor?.(row.model);
  if (row.status === "closed") {
    await writer?.refuseForeign([row.model]);
    return repeatedClose(close, row);
  }
  // An open trade changes in no other way than by its close, so what was just read is still right if it is still open.
  const closed = closedTrade(tradeFromRow(row), close);
  const { model, symbol } = closed;
  const item = { model, symbol, body: tradeText(closed), given: true, locks: [`id ${id}`] };
  const outcome = await appender.append(TRADE_CLOSE, [item], writer);
  const entry = outcome.written ? outcome.entries[0] : undefined;
  // Somebody else closed it meanwhile, or this caller did in a try whose answer was lost.
  return entry === undefined ? repeatedClose(close, await findTrade(database, id)) : recordText(entry);
}

/** @throws AppError 400 */
function closedTrade(open: Trade, close: Close): Trade {
  const exit_price = close.exit_price ?? open.exit_price;
  const fee = close.fee ?? open.fee;
  const closed_at = close.closed_at ?? isoNow();
  if (open.opened_at !== null && closed_at < open.opened_at) {
    throw refusal("closed_at", closesTooEarly(open.opened_at));
  }
  // A close of another store that names no price leaves what was reported.
  const pnl = close.pnl ?? (close.exit_price === undefined ? open.pnl : netPnl({ ...open, exit_price, fee }));
  if (pnl === undefined) throw refusal("pnl", PNL_TOO_LARGE);
  return { ...open, status: "closed", exit_price, pnl, fee, closed_at };
}

const refusal = (path: string, message: string) =>
  validationError(`${path} ${message}.`, [{ path, message }]);

/** @throws AppError 409 where the trade was closed with other content. */
function repeatedClose(close: Close, row: TradeColumns): string {
  if (row.status === "closed" && matchesTrade(close, tradeFromRow(row))) return rowText(row);
  throw conflict("This trade is closed already, with other content.");
}
