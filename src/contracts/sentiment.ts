import { Decimal } from "decimal.js";
import {
  modelName,
  momentOut,
  pastMoment,
  plainText,
  queryNumber,
  sequence,
  sourceName,
  symbolName,
  tradeId,
} from "./common.ts";
import { pageCursor } from "./cursor.ts";
import { anyDecimal, decimalOrNullOut, decimalOut } from "./decimal.ts";
import { z } from "./zod.ts";

const label = z.enum(["positive", "neutral", "negative"]);

export const newSentiment = z
  .strictObject({
    text: plainText(2000, 1, true),
    symbol: symbolName.optional(),
    source: sourceName.optional(),
    model: modelName.optional(),
  })
  .openapi("NewSentiment");
export type NewSentiment = z.output<typeof newSentiment>;

const unit = (low: string, schema: typeof anyDecimal) =>
  schema.refine((text) => {
    const value = new Decimal(text);
    return value.lte(1) && value.gte(low);
  }, `must be from ${low} to 1`);

/** A score that was made elsewhere, as an import brings it; its text may be lost. */
export const givenScore = z.strictObject({
  id: tradeId.optional(),
  symbol: symbolName,
  text: plainText(2000, 0, true).optional(),
  label,
  score: unit("-1", anyDecimal),
  confidence: unit("0", anyDecimal).optional(),
  source: sourceName.optional(),
  model: modelName.optional(),
  timestamp: pastMoment.optional(),
});
export type GivenScore = z.output<typeof givenScore>;

/** A stored score. `score` is −1..1, `confidence` 0..1. */
export interface Sentiment {
  id: string;
  symbol: string;
  text: string;
  label: "positive" | "neutral" | "negative";
  score: string;
  confidence: string;
  source: string;
  model: string | null;
  timestamp: string;
}

export const sentimentOut = z
  .object({
    seq: sequence,
    id: z.string(),
    symbol: z.string(),
    text: z.string(),
    label,
    score: decimalOut,
    confidence: decimalOut,
    source: z.string(),
    model: z.string().nullable(),
    timestamp: momentOut,
  })
  .openapi("Sentiment");

export const sentimentQuery = z.strictObject({
  symbol: symbolName.optional(),
  limit: queryNumber(1, 1000, 200),
  cursor: pageCursor.optional(),
});
export type SentimentQuery = z.output<typeof sentimentQuery>;
export const sentimentSummaryQuery = z.strictObject({ symbol: symbolName, hours: queryNumber(1, 8760, 24) });
export type SentimentSummaryQuery = z.output<typeof sentimentSummaryQuery>;

export const sentimentAnswer = z
  .object({
    label,
    score: decimalOut,
    confidence: decimalOut,
    tokens: z.object({ positive: z.array(z.string()), negative: z.array(z.string()) }),
    symbol: z.string().optional(),
    source: z.string(),
    saved: z.boolean().openapi({ description: "stored, and on the tape: only with a symbol" }),
    seq: sequence.optional(),
    latency_ms: z.number(),
    timestamp: momentOut,
  })
  .openapi("SentimentAnswer");
export const sentimentPage = z
  .object({
    sentiments: z.array(sentimentOut),
    count: z.int(),
    next_cursor: z.string().nullable(),
    timestamp: momentOut,
  })
  .openapi("SentimentPage");
export const sentimentSummary = z
  .object({
    symbol: z.string(),
    count: z.int(),
    average: decimalOrNullOut,
    positive: z.int(),
    neutral: z.int(),
    negative: z.int(),
  })
  .openapi("SentimentSummary");
