import {
  knownModelName,
  modelName,
  moment,
  momentOut,
  pastMoment,
  queryNumber,
  sequence,
  symbolName,
} from "./common.ts";
import { nameCursor } from "./cursor.ts";
import { anyDecimal, decimalOrNullOut, decimalOut, nonNegativeDecimal, positiveDecimal } from "./decimal.ts";
import { z } from "./zod.ts";

export const DEFAULT_STARTING_BALANCE = "10000";

const position = z
  .strictObject({
    symbol: symbolName,
    qty: anyDecimal,
    avg_price: positiveDecimal,
    pnl: anyDecimal.optional(),
  })
  .openapi("NewPosition", { description: "qty below zero is a short position" });

/** What a model reports to hold. A field left out stays as it was. */
export const portfolioReport = z
  .strictObject({
    model: modelName,
    balance: nonNegativeDecimal.optional(),
    positions: z.array(position).max(1000, "must hold at most 1000 positions").optional(),
    last_update: pastMoment.optional(),
    starting_balance: positiveDecimal
      .optional()
      .openapi({ description: "with a model's first report only: what its returns are counted from" }),
  })
  .openapi("PortfolioReport");
export type PortfolioReport = z.output<typeof portfolioReport>;

/** One reported position; decimals in their canonical spelling, `qty` below zero is short. */
export interface Position {
  symbol: string;
  qty: string;
  avg_price: string;
  pnl: string | null;
}

export const positionOut = z
  .object({ symbol: z.string(), qty: decimalOut, avg_price: decimalOut, pnl: decimalOrNullOut })
  .openapi("Position");
export const portfolioOut = z
  .object({
    seq: sequence,
    model: z.string(),
    balance: decimalOut,
    positions: z.array(positionOut),
    last_update: momentOut,
    starting_balance: decimalOut
      .optional()
      .openapi({ description: "of a model's first report: what its returns are counted from" }),
  })
  .openapi("Portfolio");
export const valuedPortfolio = portfolioOut
  .extend({
    equity: decimalOut,
    unrealized_pnl: decimalOut,
    priced_at: momentOut
      .nullable()
      .openapi({ description: "time of the oldest price used; null where none was" }),
    stale: z.boolean().openapi({ description: "a price is missing or older than 60 s" }),
  })
  .openapi("ValuedPortfolio");

export const portfolioQuery = z
  .strictObject({
    model: knownModelName.optional(),
    limit: queryNumber(1, 1000, 200),
    cursor: nameCursor.optional(),
  })
  .refine(({ model, cursor }) => model === undefined || cursor === undefined, {
    path: ["cursor"],
    message: "goes with the list of all models, not with model",
  });
export const portfolioHistoryQuery = z.strictObject({
  model: knownModelName,
  from: moment.optional(),
  to: moment.optional(),
  points: queryNumber(2, 5000, 500),
});
export type PortfolioHistoryQuery = z.output<typeof portfolioHistoryQuery>;

export const portfolioAnswer = z
  .object({ success: z.literal(true), portfolio: portfolioOut, timestamp: momentOut })
  .openapi("PortfolioAnswer");
export const portfolioList = z
  .object({ portfolios: z.array(valuedPortfolio), count: z.int(), timestamp: momentOut })
  .openapi("PortfolioList");
export const portfolioHistory = z
  .object({
    model: z.string(),
    points: z.array(z.object({ t: momentOut, balance: decimalOut, equity: decimalOut })),
    count: z.int(),
  })
  .openapi("PortfolioHistory");
