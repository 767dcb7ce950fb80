import { encodeCursor } from "../contracts/cursor.ts";
import type { SentimentQuery, SentimentSummaryQuery } from "../contracts/sentiment.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { recordText } from "../tape/index.ts";
import { sentimentText } from "./record-sentiment.ts";
import type { SentimentRow } from "./sentiment.ts";

const COLUMNS = `id, seq, symbol, text, label, score, confidence, source, model, "timestamp"`;

/** A page of stored scores, newest first by (timestamp, id). */
export async function listSentiments(database: Database, query: SentimentQuery) {
  const { cursor } = query;
  const conditions = [
    ...(query.symbol === undefined ? [] : ["symbol = $4"]),
    ...(cursor === undefined
      ? []
      : [`"timestamp" <= $2::timestamptz AND ("timestamp" < $2::timestamptz OR id < $3)`]),
    // Every parameter must stand in the text, or PostgreSQL cannot tell its type.
    "($2::timestamptz IS NULL OR true) AND ($3::text IS NULL OR true) AND ($4::text IS NULL OR true)",
  ];
  const statement: Statement = {
    name: `sentiments-${query.symbol === undefined ? "all" : "symbol"}-${cursor === undefined ? "first" : "next"}`,
    text: `SELECT ${COLUMNS} FROM sentiments WHERE ${conditions.join(" AND ")} ORDER BY "timestamp" DESC, id DESC LIMIT $1`,
  };
  const values = [query.limit + 1, cursor?.time ?? null, cursor?.id ?? null, query.symbol ?? null];
  const rows = await database.run<SentimentRow>(statement, values);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    texts: page.map(rowText),
    next_cursor:
      rows.length > query.limit && last !== undefined
        ? encodeCursor({ time: last.timestamp.toISOString(), id: last.id })
        : null,
  };
}

function rowText(row: SentimentRow): string {
  const { id, symbol, text, label, score, confidence, source, model } = row;
  const timestamp = row.timestamp.toISOString();
  const body = sentimentText({ id, symbol, text, label, score, confidence, source, model, timestamp });
  return recordText({ seq: Number(row.seq), body });
}

const SUMMARY: Statement = {
  name: "sentiment-summary",
  text: `
    SELECT count(*)::int AS count, round(avg(score), 6)::text AS average,
      count(*) FILTER (WHERE label = 'positive')::int AS positive,
      count(*) FILTER (WHERE label = 'neutral')::int AS neutral,
      count(*) FILTER (WHERE label = 'negative')::int AS negative
    FROM sentiments WHERE symbol = $1 AND "timestamp" >= now() - make_interval(hours => $2::int)`,
};

export interface SentimentSummary {
  count: number;
  /** Mean score, −1..1, to six digits; null where there is none. */
  average: string | null;
  positive: number;
  neutral: number;
  negative: number;
}

/** How a symbol's scores of the last hours spread. */
export async function summarizeSentiments(
  database: Database,
  query: SentimentSummaryQuery,
): Promise<SentimentSummary> {
  const [row] = await database.run<SentimentSummary>(SUMMARY, [query.symbol, query.hours]);
  return row as SentimentSummary;
}
