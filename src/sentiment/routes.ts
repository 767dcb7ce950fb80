import type { Express } from "express";
import { isoNow } from "../contracts/clock.ts";
import { canonicalDecimal } from "../contracts/decimal.ts";
import { newSentiment, sentimentQuery, sentimentSummaryQuery } from "../contracts/sentiment.ts";
import { idempotencyKey } from "../platform/http/idempotency-key.ts";
import { validQuery } from "../platform/http/query.ts";
import { readJson } from "../platform/http/read-json.ts";
import { sendJson } from "../platform/http/respond.ts";
import { validate } from "../platform/http/validate.ts";
import type { SentimentContext } from "./context.ts";
import { wordWeights } from "./lexicon/word-weights.ts";
import { listSentiments, summarizeSentiments } from "./list-sentiments.ts";
import { recordSentiment } from "./record-sentiment.ts";

const SENTIMENT_BYTES = 64 * 1024;

export function sentimentRoutes(app: Express, context: SentimentContext): void {
  // Now, and not in the first request.
  wordWeights();
  app.post("/api/sentiment", async (request, response) => {
    const start = performance.now();
    const sent = validate(newSentiment, await readJson(request, SENTIMENT_BYTES));
    const writer = context.mayWrite?.(request, sent.model === undefined ? [] : [sent.model]);
    const scored = await recordSentiment(context, sent, idempotencyKey(request), writer);
    const latency_ms = Math.round((performance.now() - start) * 1000) / 1000;
    sendJson(request, response, 200, JSON.stringify({ ...scored, latency_ms, timestamp: isoNow() }));
  });

  app.get("/api/sentiment", async (request, response) => {
    const { texts, next_cursor } = await listSentiments(
      context.database,
      validQuery(sentimentQuery, request),
    );
    const body = `{"sentiments":[${texts.join(",")}],"count":${texts.length},"next_cursor":${JSON.stringify(next_cursor)},"timestamp":"${isoNow()}"}`;
    sendJson(request, response, 200, body);
  });

  app.get("/api/sentiment/summary", async (request, response) => {
    const query = validQuery(sentimentSummaryQuery, request);
    const { count, average, positive, neutral, negative } = await summarizeSentiments(
      context.database,
      query,
    );
    const mean = average === null ? null : canonicalDecimal(average);
    const body = `{"symbol":${JSON.stringify(query.symbol)},"count":${count},"average":${mean},"positive":${positive},"neutral":${neutral},"negative":${negative}}`;
    sendJson(request, response, 200, body);
  });
}
