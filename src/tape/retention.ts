import { setTimeout as sleep } from "node:timers/promises";
import { withLease } from "../platform/lease.ts";
import { newId } from "../platform/new-id.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";

const CHUNK = 5000;
const DAY_MS = 86_400_000;
const TRIM_EVERY_MS = 3_600_000;
/** Between two chunks, so that a long backlog does not keep the database from everything else. */
const PAUSE_MS = 20;
const TERM_MS = 900_000;

// One chunk from the oldest on, by the key. Only a run: a clock that jumped must not punch a hole into the tape.
const FIND_CHUNK: Statement = {
  name: "tape-retention-find",
  text: `
    SELECT head.oldest, coalesce(
      (SELECT min(t.seq) FROM tape t WHERE t.seq >= head.oldest AND t.seq < least(head.oldest + ${CHUNK}, head.seq) AND t.at >= $1),
      least(head.oldest + ${CHUNK}, head.seq)
    ) AS upto
    FROM (SELECT oldest, seq FROM tape_head WHERE id = 1) head`,
};
// What is kept is said first and taken off after: a reader who missed something finds it said. Never backwards.
const MOVE_OLDEST: Statement = {
  name: "tape-retention-move",
  text: "UPDATE tape_head SET oldest = $1 WHERE id = 1 AND oldest < $1 AND epoch = $2",
};
const DELETE_CHUNK: Statement = {
  name: "tape-retention-delete",
  text: `WITH gone AS (
      DELETE FROM tape WHERE seq = ANY (ARRAY(
        SELECT seq FROM tape WHERE seq > $1 AND seq < (SELECT oldest FROM tape_head WHERE id = 1) ORDER BY seq LIMIT ${CHUNK}
      )) RETURNING seq
    )
    SELECT count(*)::int AS deleted, max(seq) AS last FROM gone`,
};
const READ_EPOCH: Statement = { name: "tape-epoch", text: "SELECT epoch FROM tape_head WHERE id = 1" };
// Those of an import say for good which record was taken over: one a record that was, so they do not grow by themselves.
const FORGET_KEYS: Statement = {
  name: "forget-idempotency-keys",
  text: `WITH gone AS (
      DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM idempotency_keys WHERE created_at < $1 AND key NOT LIKE 'import-%' ORDER BY created_at LIMIT ${CHUNK}
      )) RETURNING 1
    )
    SELECT count(*)::int AS deleted FROM gone`,
};

/**
 * Takes entries older than `days` off the tape, oldest first, in short statements that each touch one chunk; the newest
 * entry always stays. The trades, portfolios and sentiments themselves stay in their tables. Two at once do no harm.
 * @returns how many entries were taken off.
 */
export async function trimTape(database: Database, days: number, now = Date.now()): Promise<number> {
  const before = new Date(now - days * DAY_MS).toISOString();
  const [tape] = await database.run<{ epoch: string }>(READ_EPOCH, []);
  let total = 0;
  let last = 0;
  for (;;) {
    const [chunk] = await database.run<{ oldest: string; upto: string }>(FIND_CHUNK, [before]);
    const isOlder = Number(chunk?.upto) > Number(chunk?.oldest);
    if (isOlder) await database.run(MOVE_OLDEST, [chunk?.upto, tape?.epoch]);
    // Also what an earlier run said to be gone and did not get to.
    const [row] = await database.run<{ deleted: number; last: string | null }>(DELETE_CHUNK, [last]);
    total += row?.deleted ?? 0;
    last = Number(row?.last ?? last);
    if (!isOlder && (row?.deleted ?? 0) < CHUNK) return total;
    await sleep(PAUSE_MS);
  }
}

/** Forgets Idempotency-Keys that were used more than `days` ago. @returns how many. */
export async function forgetKeys(database: Database, days: number, now = Date.now()): Promise<number> {
  const before = new Date(now - days * DAY_MS).toISOString();
  let total = 0;
  for (;;) {
    const [row] = await database.run<{ deleted: number }>(FORGET_KEYS, [before]);
    const deleted = row?.deleted ?? 0;
    total += deleted;
    if (deleted < CHUNK) return total;
    await sleep(PAUSE_MS);
  }
}

export interface RetentionOptions {
  database: Database;
  /** How long the tape keeps its entries; 0 keeps all. */
  tapeDays: number;
  /** How long Idempotency-Keys are known. */
  keyDays: number;
  onTrimmed: (deleted: number) => void;
  onError: (error: unknown) => void;
}

/**
 * Trims now and every hour, on one instance at a time.
 * @returns what ends it.
 */
export function startRetention(options: RetentionOptions): () => void {
  const { database, tapeDays, keyDays, onTrimmed, onError } = options;
  const lease = { database, name: "retention", holder: newId() };
  const trim = async () => {
    await forgetKeys(database, keyDays);
    return tapeDays === 0 ? 0 : await trimTape(database, tapeDays);
  };
  const run = () =>
    withLease(lease, TERM_MS, trim).then((deleted = 0) => {
      if (deleted > 0) onTrimmed(deleted);
    }, onError);
  void run();
  const timer = setInterval(() => void run(), TRIM_EVERY_MS).unref();
  return () => clearInterval(timer);
}
