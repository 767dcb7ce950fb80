import {
  ANSWER,
  freshAndHead,
  isKeyThere,
  isThere,
  itemsFrom,
  rememberKeys,
  statementsOf,
  type WriteKind,
} from "../tape/index.ts";

const FIELDS = {
  id: "text",
  symbol: "text",
  text: "text",
  label: "text",
  score: "numeric",
  confidence: "numeric",
  source: "text",
  model: "text",
  timestamp: "timestamptz",
};

/** A scored text with a symbol. */
export const SENTIMENT_WRITE: WriteKind = {
  kind: "sentiment",
  ...statementsOf(
    "append-sentiments",
    (guard) => `
  WITH item AS MATERIALIZED (
    SELECT r.*,
      CASE WHEN r.given THEN ${isThere("sentiments", "known_row.id = r.id")}
           WHEN r.key IS NOT NULL THEN ${isKeyThere("sentiment")}
           ELSE false END AS known,
      ${guard.isStrange} AS strange
    FROM ${itemsFrom(FIELDS, guard)}
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
  )${guard.claims}
  ${ANSWER}${guard.answer}`,
  ),
};
