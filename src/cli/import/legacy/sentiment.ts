import { Decimal } from "decimal.js";
import { plainDecimal } from "../repair-decimals.ts";
import { type Fields, first, mender, present } from "./fields.ts";
import { plainId, plainWord } from "./names.ts";
import { plainTime } from "./times.ts";
import { plainSymbol } from "./trade.ts";

const LABELS = {
  positive: "positive",
  bullish: "positive",
  negative: "negative",
  bearish: "negative",
  neutral: "neutral",
};

/**
 * A score of either old store as `givenScore` takes it, not yet checked. Scores outside of -1..1 (sums of word weights)
 * are cut to it, and a missing label is the score's sign.
 * @param otherwise the symbol of those that name none.
 */
export function legacySentiment(
  fields: Fields,
  otherwise?: string,
): { record: Record<string, unknown>; repairs: string[] } {
  const { repairs, mend } = mender();
  const id = first(fields, "id");
  const named = first(fields, "symbol", "coin");
  const symbol = named ?? otherwise;
  const time = first(fields, "timestamp", "createdAt");
  const said = first(fields, "score");
  const score = said === undefined ? undefined : mendScore(said, mend);
  const label = first(fields, "label");
  const record = present({
    id: id === undefined ? undefined : mend("id", id, plainId(id)),
    symbol: symbol === undefined ? undefined : mend("symbol", named, plainSymbol(symbol)),
    label:
      label === undefined
        ? mend("label", label, sign(score))
        : mend("label", label, plainWord(label, LABELS)),
    score,
    source: first(fields, "source"),
    // Milliseconds are what the old store kept: nothing to mend.
    timestamp: typeof time === "number" ? plainTime(time) : time && mend("timestamp", time, plainTime(time)),
    model: first(fields, "model"),
  });
  const text = first(fields, "text");
  return { record: text === undefined ? record : { ...record, text }, repairs };
}

function mendScore(value: unknown, mend: ReturnType<typeof mender>["mend"]): unknown {
  const text = plainDecimal(value);
  if (text === undefined) return value;
  const cut = Decimal.max(-1, Decimal.min(1, text)).toFixed();
  return new Decimal(cut).eq(text) && !/e/i.test(String(value)) ? value : mend("score", value, cut);
}

function sign(score: unknown): string | undefined {
  const value = Number(score);
  if (score === undefined || Number.isNaN(value)) return undefined;
  return value > 0 ? "positive" : value < 0 ? "negative" : "neutral";
}
