import { ANSWER, freshAndHead, ITEMS, keyKnown, rememberKeys, type WriteKind } from "../tape/index.ts";

/** A scored text with a symbol. */
export const SENTIMENT_WRITE: WriteKind = {
  kind: "sentiment",
  statement: {
    name: "append-sentiments",
    text: `
  WITH item AS MATERIALIZED (
    SELECT r.n, r.g, r.key, r.scope, r.body, t.*,
      CASE WHEN r.given THEN EXISTS (SELECT 1 FROM sentiments k WHERE k.id = t.id)
           WHEN r.key IS NOT NULL THEN ${keyKnown("sentiment")}
           ELSE false END AS known
    FROM ${ITEMS}, LATERAL json_to_record(r.body)
      AS t(id text, symbol text, text text, label text, score numeric, confidence numeric, source text, model text,
           "timestamp" timestamptz)
  ),
  ${freshAndHead("sentiments")},
  ${rememberKeys("sentiment", { body: "f.body" })},
  row AS (
    INSERT INTO sentiments (id, seq, symbol, text, label, score, confidence, source, model, "timestamp")
    SELECT f.id, head.base + f.rn, f.symbol, f.text, f.label, f.score, f.confidence, f.source, f.model, f."timestamp"
    FROM fresh f, head
  ),
  entry AS (
    INSERT INTO tape (seq, kind, model, symbol, at, data)
    SELECT head.base + f.rn, 'sentiment', f.model, f.symbol, $2::timestamptz, f.body FROM fresh f, head
  )
  ${ANSWER}`,
  },
};
