import { Decimal } from "decimal.js";
import {
  knownModelName,
  modelName,
  moment,
  momentOut,
  pastMoment,
  plainText,
  queryNumber,
  sequence,
  symbolName,
  tradeId,
} from "./common.ts";
import { pageCursor } from "./cursor.ts";
import { anyDecimal, canonicalDecimal, decimalOrNullOut, decimalOut, positiveDecimal } from "./decimal.ts";
import { z } from "./zod.ts";

const META_BYTES = 4096;

// 20 digits before and 18 after the point, multiplied, stay exact.
const Exact = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_UP });
const PLACES = 18;

/**
 * What a trade that names no `pnl` earned: 0 without an exit price, else (exit_price − price) × qty × (+1 for buy, −1 for
 * sell) − fee, to 18 decimals, half away from zero.
 * @returns undefined where it has more than 20 digits before the point.
 */
export function netPnl(trade: {
  side: "buy" | "sell";
  qty: string;
  price: string;
  exit_price?: string | null | undefined;
  fee?: string | undefined;
}): string | undefined {
  if (trade.exit_price === undefined || trade.exit_price === null) return "0";
  const rise = new Exact(trade.exit_price).minus(trade.price).times(trade.qty);
  const gross = trade.side === "buy" ? rise : rise.negated();
  return canonicalDecimal(
    gross
      .minus(trade.fee ?? 0)
      .toDecimalPlaces(PLACES)
      .toFixed(),
  );
}

export const PNL_TOO_LARGE =
  "is required: what follows from the prices has more than 20 digits before the point";
/** Of a close; both times as ISO 8601 in UTC with milliseconds, which are ordered as their texts are. */
export const closesTooEarly = (openedAt: string) => `must not be before opened_at, ${openedAt}`;

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
    timestamp: pastMoment.optional(),
    id: tradeId.optional(),
    exit_price: positiveDecimal.optional(),
    fee: anyDecimal.optional(),
    leverage: positiveDecimal.optional(),
    opened_at: pastMoment.optional(),
    closed_at: pastMoment.optional(),
    note: plainText(2000, 0, true).optional(),
    meta: meta.optional(),
  })
  .check(({ value, issues }) => {
    const { opened_at, closed_at, pnl } = value;
    const refuse = (field: string, message: string) =>
      issues.push({ code: "custom", input: value, path: [field], message });
    if (opened_at !== undefined && closed_at !== undefined && closed_at < opened_at) {
      refuse("closed_at", closesTooEarly(opened_at));
    }
    if (pnl === undefined && netPnl(value) === undefined) refuse("pnl", PNL_TOO_LARGE);
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
    closed_at: pastMoment.optional(),
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
  model: knownModelName.optional(),
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
