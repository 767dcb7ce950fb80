import { isoNow } from "../contracts/clock.ts";
import { canonicalDecimal } from "../contracts/decimal.ts";
import type { NewSentiment, Sentiment } from "../contracts/sentiment.ts";
import { conflict, unavailable } from "../platform/errors.ts";
import type { Writer } from "../platform/http/write-guard.ts";
import { newId } from "../platform/new-id.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { keyScope } from "../tape/index.ts";
import type { SentimentContext } from "./context.ts";
import { scoreText } from "./score-text.ts";
import { SENTIMENT_WRITE } from "./write-kind.ts";

export interface ScoredText extends ReturnType<typeof scoreText> {
  symbol?: string;
  source: string;
  saved: boolean;
  seq?: number;
}

const BY_KEY: Statement = {
  name: "sentiment-by-key",
  text: "SELECT seq, body FROM idempotency_keys WHERE kind = 'sentiment' AND scope = $1 AND key = $2",
};

/**
 * Scores a text, and where it names a symbol stores the score. With a known Idempotency-Key of the same source and writer the
 * first one's seq is answered and nothing is written.
 * @throws AppError 409 where the key was used with other content; 503.
 */
export async function recordSentiment(
  { appender, database }: SentimentContext,
  sent: NewSentiment,
  key?: string,
  writer?: Writer,
): Promise<ScoredText> {
  const scored = scoreText(sent.text);
  const source = sent.source ?? "api";
  if (sent.symbol === undefined) {
    if (sent.model !== undefined) await writer?.refuseForeign([sent.model]);
    return { ...scored, source, saved: false };
  }
  const scope = keyScope(source, writer);
  const record: Sentiment = {
    id: newId(),
    symbol: sent.symbol,
    text: sent.text,
    label: scored.label,
    score: canonicalDecimal(scored.score) ?? "0",
    confidence: canonicalDecimal(scored.confidence) ?? "0",
    source,
    model: sent.model ?? null,
    timestamp: isoNow(),
  };
  const item = {
    model: record.model,
    symbol: record.symbol,
    body: sentimentText(record),
    key,
    keyScope: scope,
    given: false,
    locks: key === undefined ? [] : [`key ${key} ${scope}`],
  };
  const outcome = await appender.append(SENTIMENT_WRITE, [item], writer);
  const seq = outcome.written
    ? outcome.entries[0]?.seq
    : await firstSeq(database, sent, scope, key as string);
  return { ...scored, symbol: record.symbol, source, saved: true, ...(seq !== undefined && { seq }) };
}

async function firstSeq(database: Database, sent: NewSentiment, scope: string, key: string): Promise<number> {
  const [first] = await database.run<{ seq: string; body: Sentiment }>(BY_KEY, [scope, key]);
  if (first === undefined) throw unavailable("The first score with this key cannot be read; try again.");
  const same =
    first.body.text === sent.text &&
    first.body.symbol === sent.symbol &&
    (sent.model === undefined || first.body.model === sent.model);
  if (!same) throw conflict("A text with this Idempotency-Key is there already, with other content.");
  return Number(first.seq);
}

/** A stored score's JSON text without its seq. */
export function sentimentText(record: Sentiment): string {
  const quote = JSON.stringify;
  return (
    `{"id":${quote(record.id)},"symbol":${quote(record.symbol)},"text":${quote(record.text)},` +
    `"label":"${record.label}","score":${record.score},"confidence":${record.confidence},` +
    `"source":${quote(record.source)},"model":${quote(record.model)},"timestamp":"${record.timestamp}"}`
  );
}
