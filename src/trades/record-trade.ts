import type { NewTrade } from "../contracts/trades.ts";
import { conflict, unavailable } from "../platform/errors.ts";
import type { Writer } from "../platform/http/write-guard.ts";
import { keyScope, recordText, type WriteItem } from "../tape/index.ts";
import type { TradesContext } from "./context.ts";
import { findTrade, findTradeByKey } from "./find-trade.ts";
import { completeTrade, isSameTrade, tradeFromRow, tradeText } from "./trade-text.ts";
import { TRADE_WRITE } from "./write-kinds.ts";

export interface RecordedTrade {
  /** The trade's JSON text, seq included. */
  text: string;
  /** It was there before with the same content; nothing was written. */
  repeated: boolean;
}

/**
 * Records one trade. With the `id` or the Idempotency-Key of one that is there already, answers that one.
 * @param writer whose models are claimed or refused, as the tape says; absent: nobody asks.
 * @throws AppError 409 where that one has other content; 503 where the outcome is unknown.
 */
export async function recordTrade(
  { appender, database }: TradesContext,
  sent: NewTrade,
  idempotencyKey?: string,
  writer?: Writer,
): Promise<RecordedTrade> {
  const key = sent.id === undefined ? idempotencyKey : undefined;
  const outcome = await appender.append(TRADE_WRITE, [tradeItem(sent, key, undefined, writer)], writer);
  const entry = outcome.written ? outcome.entries[0] : undefined;
  if (entry !== undefined) return { text: recordText(entry), repeated: false };
  const first =
    key === undefined
      ? await findTrade(database, sent.id as string)
      : await findTradeByKey(database, keyScope(sent.model, writer), key);
  if (first === undefined) throw unavailable("The first trade with this key cannot be read; try again.");
  if (!isSameTrade(sent, first)) throw differentTrade(key === undefined ? "id" : "Idempotency-Key");
  return { text: rowText(first), repeated: true };
}

/**
 * What the tape needs to write a trade; shared with bulk and import.
 * @param given whether the client chose its id.
 */
export function tradeItem(
  sent: NewTrade,
  key?: string,
  given = sent.id !== undefined,
  writer?: Writer,
): WriteItem {
  const trade = completeTrade(sent);
  const scope = keyScope(trade.model, writer);
  return {
    model: trade.model,
    symbol: trade.symbol,
    body: tradeText(trade),
    key,
    keyScope: scope,
    given,
    locks: given ? [`id ${sent.id}`] : key !== undefined ? [`key ${key} ${scope}`] : [],
  };
}

/** A stored trade as it stands on the tape. */
export function rowEntry(row: Parameters<typeof tradeFromRow>[0]) {
  return { seq: Number(row.seq), body: tradeText(tradeFromRow(row)) };
}

export const rowText = (row: Parameters<typeof tradeFromRow>[0]): string => recordText(rowEntry(row));

export function differentTrade(what: string) {
  return conflict(`A trade with this ${what} is there already, with other content.`);
}
