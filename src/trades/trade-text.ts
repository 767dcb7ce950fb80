import { isoNow } from "../contracts/clock.ts";
import { canonicalDecimal } from "../contracts/decimal.ts";
import { type NewTrade, netPnl, type Trade } from "../contracts/trades.ts";
import { newId } from "../platform/new-id.ts";
import type { TradeRow } from "./trade.ts";

/** Fills in what the model left out. Ids made here are ordered by time, which PostgreSQL's index likes. */
export function completeTrade(sent: NewTrade, now = isoNow()): Trade {
  return {
    id: sent.id ?? newId(),
    model: sent.model,
    symbol: sent.symbol,
    side: sent.side,
    qty: sent.qty,
    price: sent.price,
    // The contract refuses what it does not follow from.
    pnl: sent.pnl ?? netPnl(sent) ?? "0",
    status: sent.status ?? "closed",
    timestamp: sent.timestamp ?? now,
    exit_price: sent.exit_price ?? null,
    fee: sent.fee ?? "0",
    leverage: sent.leverage ?? "1",
    opened_at: sent.opened_at ?? null,
    closed_at: sent.closed_at ?? null,
    note: sent.note ?? null,
    meta: sent.meta ?? null,
    created_at: now,
  };
}

/**
 * A trade's JSON text without its seq: what stands on the tape, in the answers and in the stream.
 * Written by hand, because JSON.stringify would round decimals to doubles and costs three times as much.
 */
export function tradeText(trade: Trade): string {
  const quote = JSON.stringify;
  const time = (value: string | null) => (value === null ? "null" : `"${value}"`);
  return (
    `{"id":${quote(trade.id)},"model":${quote(trade.model)},"symbol":${quote(trade.symbol)},"side":"${trade.side}",` +
    `"qty":${trade.qty},"price":${trade.price},"pnl":${trade.pnl},"status":"${trade.status}",` +
    `"timestamp":"${trade.timestamp}","exit_price":${trade.exit_price},"fee":${trade.fee},` +
    `"leverage":${trade.leverage},"opened_at":${time(trade.opened_at)},"closed_at":${time(trade.closed_at)},` +
    `"note":${quote(trade.note)},"meta":${quote(trade.meta)},"created_at":"${trade.created_at}"}`
  );
}

/** A row as PostgreSQL gives it: decimals as text, with the scale they were written with. */
export type TradeColumns = Pick<
  TradeRow,
  | "id"
  | "seq"
  | "model"
  | "symbol"
  | "side"
  | "qty"
  | "price"
  | "pnl"
  | "status"
  | "timestamp"
  | "exit_price"
  | "fee"
  | "leverage"
  | "opened_at"
  | "closed_at"
  | "note"
  | "meta"
  | "before_close"
  | "created_at"
>;

export const TRADE_COLUMNS = `id, seq, model, symbol, side, qty, price, pnl, status, "timestamp", exit_price, fee, leverage, opened_at, closed_at, note, meta, before_close, created_at`;

export function tradeFromRow(row: TradeColumns): Trade {
  return {
    id: row.id,
    model: row.model,
    symbol: row.symbol,
    side: row.side,
    qty: row.qty,
    price: row.price,
    pnl: row.pnl,
    status: row.status,
    timestamp: row.timestamp.toISOString(),
    exit_price: row.exit_price,
    fee: row.fee,
    leverage: row.leverage,
    opened_at: row.opened_at?.toISOString() ?? null,
    closed_at: row.closed_at?.toISOString() ?? null,
    note: row.note,
    meta: row.meta,
    created_at: row.created_at.toISOString(),
  };
}

/** Whether every field that was sent equals, as a value, what is stored; fields left out are not compared. */
export function isSameTrade(sent: NewTrade, row: TradeColumns): boolean {
  const now = tradeFromRow(row);
  // A retry of an opening may come after the close.
  return (
    matchesTrade(sent, now) ||
    (row.before_close !== null && matchesTrade(sent, { ...now, ...row.before_close }))
  );
}

/** Whether every field that was sent equals the stored one as a value. */
export function matchesTrade(sent: Partial<NewTrade>, stored: Trade): boolean {
  return Object.entries(sent).every(([field, value]) => {
    if (value === undefined) return true;
    const other = stored[field as keyof Trade];
    if (field === "meta") return sortedJson(value) === sortedJson(other);
    return value === other || (DECIMALS.has(field) && value === canonicalDecimal(other));
  });
}

const DECIMALS = new Set(["qty", "price", "pnl", "exit_price", "fee", "leverage"]);

/** JSON text with its keys in order, so that equal objects give equal text. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
