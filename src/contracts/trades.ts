import {
  freeText,
  modelName,
  moment,
  momentOut,
  queryNumber,
  sequence,
  symbolName,
  tradeId,
} from "./common.ts";
import { pageCursor } from "./cursor.ts";
import { anyDecimal, decimalOrNullOut, decimalOut, positiveDecimal } from "./decimal.ts";
import { z } from "./zod.ts";

const META_BYTES = 4096;

const side = z.enum(["buy", "sell"]);
const status = z.enum(["open", "closed"]);
const meta = z
  .record(z.string(), z.unknown())
  .refine(
    (value) => Buffer.byteLength(JSON.stringify(value)) <= META_BYTES,
    "must be a JSON object of at most 4 kB",
  )
  .openapi({ type: "object", description: "a JSON object of at most 4 kB" });

/** What a model reports about one execution. Fields left out stay `undefined` here and get defaults when recorded. */
export const newTrade = z
  .strictObject({
    model: modelName,
    symbol: symbolName,
    side,
    qty: positiveDecimal,
    price: positiveDecimal,
    pnl: anyDecimal.optional(),
    status: status.optional(),
    timestamp: moment.optional(),
    id: tradeId.optional(),
    exit_price: positiveDecimal.optional(),
    fee: anyDecimal.optional(),
    leverage: positiveDecimal.optional(),
    opened_at: moment.optional(),
    closed_at: moment.optional(),
    note: freeText(2000).optional(),
    meta: meta.optional(),
  })
  .openapi("NewTrade");
export type NewTrade = z.output<typeof newTrade>;

export const BULK_LIMIT = 1000;
export const bulkTrades = z
  .strictObject({
    trades: z
      .array(newTrade)
      .min(1, "must hold at least one trade")
      .max(BULK_LIMIT, `must hold at most ${BULK_LIMIT} trades`),
  })
  .openapi("BulkTrades");

/** What closes an open trade. */
export const tradeClose = z
  .strictObject({
    exit_price: positiveDecimal,
    pnl: anyDecimal.optional(),
    fee: anyDecimal.optional(),
    closed_at: moment.optional(),
    status: z.literal("closed").optional(),
  })
  .openapi("TradeClose");
export type TradeClose = z.output<typeof tradeClose>;

/** A stored trade. Decimals are in their canonical spelling, times in ISO 8601 UTC with milliseconds. */
export interface Trade {
  id: string;
  model: string;
  symbol: string;
  side: "buy" | "sell";
  qty: string;
  price: string;
  pnl: string;
  status: "open" | "closed";
  timestamp: string;
  exit_price: string | null;
  fee: string;
  leverage: string;
  opened_at: string | null;
  closed_at: string | null;
  note: string | null;
  meta: Record<string, unknown> | null;
  created_at: string;
}

export const tradeOut = z
  .object({
    seq: sequence,
    id: z.string(),
    model: z.string(),
    symbol: z.string(),
    side,
    qty: decimalOut,
    price: decimalOut,
    pnl: decimalOut,
    status,
    timestamp: momentOut,
    exit_price: decimalOrNullOut,
    fee: decimalOut,
    leverage: decimalOut,
    opened_at: momentOut.nullable(),
    closed_at: momentOut.nullable(),
    note: z.string().nullable(),
    meta: z.record(z.string(), z.unknown()).nullable(),
    created_at: momentOut,
  })
  .openapi("Trade");

export const tradeFilter = z.strictObject({
  model: modelName.optional(),
  symbol: symbolName.optional(),
  side: side.optional(),
  status: status.optional(),
  from: moment.optional().openapi({ description: "at or after this moment" }),
  to: moment.optional().openapi({ description: "at or before this moment" }),
  limit: queryNumber(1, 1000, 200),
  cursor: pageCursor.optional(),
  format: z.enum(["json", "csv"]).optional(),
});
export type TradeFilter = z.output<typeof tradeFilter>;

export const tradeAnswer = z
  .object({ success: z.literal(true), trade: tradeOut, timestamp: momentOut })
  .openapi("TradeAnswer");
export const bulkAnswer = z
  .object({
    success: z.literal(true),
    trades: z.array(tradeOut),
    count: z.int(),
    repeated: z.int(),
    timestamp: momentOut,
  })
  .openapi("BulkAnswer");
export const tradePage = z
  .object({
    trades: z.array(tradeOut),
    count: z.int(),
    next_cursor: z.string().nullable(),
    timestamp: momentOut,
  })
  .openapi("TradePage");
