import type { Database, Statement } from "../platform/postgres/database.ts";

const CHUNK = 5000;
const DAY_MS = 86_400_000;
const TRIM_EVERY_MS = 3_600_000;

// The head's `oldest` moves in the same statement, so that no reader is promised an entry that is gone.
const DELETE_CHUNK: Statement = {
  name: "tape-retention",
  text: `
    WITH old AS (
      SELECT seq FROM tape WHERE seq < (SELECT seq FROM tape_head WHERE id = 1) AND at < $1::timestamptz ORDER BY seq LIMIT ${CHUNK}
    ),
    run AS (
      -- Only a run from the oldest on: a clock that jumped must not punch a hole into the tape.
      SELECT seq FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS n, min(seq) OVER () AS low FROM old) numbered
      WHERE seq = low + n - 1 AND low = (SELECT min(seq) FROM tape)
    ),
    head AS (
      UPDATE tape_head SET oldest = (SELECT max(seq) + 1 FROM run)
      WHERE id = 1 AND EXISTS (SELECT 1 FROM run) RETURNING oldest
    ),
    gone AS (DELETE FROM tape WHERE seq IN (SELECT seq FROM run) AND EXISTS (SELECT 1 FROM head) RETURNING 1)
    SELECT count(*)::int AS deleted FROM gone`,
};

/**
 * Takes entries older than `days` off the tape, oldest first, in short statements; the newest entry always stays.
 * The trades, portfolios and sentiments themselves stay in their tables.
 * @returns how many entries were taken off.
 */
export async function trimTape(database: Database, days: number, now = Date.now()): Promise<number> {
  const before = new Date(now - days * DAY_MS).toISOString();
  let total = 0;
  for (;;) {
    const [row] = await database.run<{ deleted: number }>(DELETE_CHUNK, [before]);
    const deleted = row?.deleted ?? 0;
    total += deleted;
    if (deleted < CHUNK) return total;
  }
}

/**
 * Trims now and every hour; `days` 0 keeps all.
 * @returns what ends it.
 */
export function startRetention(
  database: Database,
  days: number,
  { onTrimmed, onError }: { onTrimmed: (deleted: number) => void; onError: (error: unknown) => void },
): () => void {
  if (days === 0) return () => {};
  const run = () =>
    trimTape(database, days).then((deleted) => {
      if (deleted > 0) onTrimmed(deleted);
    }, onError);
  void run();
  const timer = setInterval(() => void run(), TRIM_EVERY_MS).unref();
  return () => clearInterval(timer);
}
