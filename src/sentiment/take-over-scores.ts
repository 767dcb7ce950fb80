import { isoNow } from "../contracts/clock.ts";
import { canonicalDecimal } from "../contracts/decimal.ts";
import type { GivenScore, Sentiment } from "../contracts/sentiment.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import type { SentimentContext } from "./context.ts";
import { sentimentText } from "./record-sentiment.ts";
import { SENTIMENT_WRITE } from "./write-kind.ts";

/** A score from elsewhere, with the id by which it is found again. */
export type KnownScore = GivenScore & { id: string };

export type ScoreStanding = "new" | "same" | "different";

const BY_IDS: Statement = {
  name: "sentiments-by-ids",
  text: `SELECT id, symbol, text, label, score, confidence, source, model, "timestamp" FROM sentiments
    WHERE id = ANY($1::text[])`,
};

type StoredScore = Omit<Sentiment, "timestamp"> & { timestamp: Date };

/** Says of each score how it stands to what is stored under its id. Reads only. @throws AppError 503 */
export async function compareScores(
  database: Database,
  scores: readonly KnownScore[],
): Promise<ScoreStanding[]> {
  const rows = await database.run<StoredScore>(BY_IDS, [scores.map(({ id }) => id)]);
  const stored = new Map(rows.map((row) => [row.id, row]));
  return scores.map((score) => {
    const row = stored.get(score.id);
    if (row === undefined) return "new";
    return isSameScore(score, row) ? "same" : "different";
  });
}

/**
 * Stores scores that were made elsewhere, those that are new; an id that is there already is left as it is.
 * @returns how each stood before. @throws AppError 503
 */
export async function takeOverScores(
  { appender, database }: SentimentContext,
  scores: readonly KnownScore[],
): Promise<ScoreStanding[]> {
  for (;;) {
    const standings = await compareScores(database, scores);
    const fresh = new Map<string, KnownScore>();
    scores.forEach((score, index) => {
      if (standings[index] !== "new") return;
      const twin = fresh.get(score.id);
      if (twin === undefined) fresh.set(score.id, score);
      else standings[index] = isSameScore(score, completeScore(twin)) ? "same" : "different";
    });
    if (fresh.size === 0) return standings;
    const items = [...fresh.values()].map((score) => ({
      model: score.model ?? null,
      symbol: score.symbol,
      body: sentimentText(completeScore(score)),
      given: true,
      locks: [`sentiment ${score.id}`],
    }));
    const outcome = await appender.append(SENTIMENT_WRITE, items);
    // Someone else wrote one of them in between, so that none of these was written: look again.
    if (outcome.written) return standings;
  }
}

/** Fills in what another store does not keep; a confidence of 0 says that nothing is known about it. */
function completeScore(score: KnownScore): Sentiment {
  return {
    id: score.id,
    symbol: score.symbol,
    text: score.text ?? "",
    label: score.label,
    score: score.score,
    confidence: score.confidence ?? "0",
    source: score.source ?? "import",
    model: score.model ?? null,
    timestamp: score.timestamp ?? isoNow(),
  };
}

/** Whether what was given equals what is stored; what was left out is not compared. */
function isSameScore(given: KnownScore, stored: StoredScore | Sentiment): boolean {
  return Object.entries(given).every(([field, value]) => {
    if (value === undefined) return true;
    const other = stored[field as keyof StoredScore];
    if (other instanceof Date) return value === other.toISOString();
    return value === other || (DECIMALS.has(field) && value === canonicalDecimal(other));
  });
}

const DECIMALS = new Set(["score", "confidence"]);
