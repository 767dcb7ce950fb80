import { unavailable } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { TIMELINE } from "../platform/postgres/timeline.ts";

/** SQL of a new identity of the tape. */
export const NEW_EPOCH = "substr(md5(gen_random_uuid()::text), 1, 12)";

/** The tape's head row: the last seq given out, the last one a subject, the oldest kept, and the tape's identity. */
export interface Head {
  seq: number;
  trades: number;
  portfolios: number;
  sentiments: number;
  oldest: number;
  epoch: string;
}

const READ_HEAD: Statement = {
  name: "read-head",
  isUrgent: true,
  text: `SELECT seq, trades_seq, portfolios_seq, sentiments_seq, oldest, epoch, timeline <> ${TIMELINE} AS moved
    FROM tape_head WHERE id = 1`,
};

// Only once, however many find it out at the same time.
const FOLLOW_TIMELINE: Statement = {
  name: "follow-timeline",
  text: `UPDATE tape_head SET epoch = ${NEW_EPOCH}, timeline = ${TIMELINE} WHERE id = 1 AND timeline <> ${TIMELINE}`,
};

const RENEW_EPOCH: Statement = {
  name: "renew-epoch",
  text: `UPDATE tape_head SET epoch = ${NEW_EPOCH} WHERE id = 1 AND epoch = $1`,
};

interface HeadRow {
  seq: string;
  trades_seq: string;
  portfolios_seq: string;
  sentiments_seq: string;
  oldest: string;
  epoch: string;
  moved: boolean | null;
}

/**
 * Reads the head row as it is now. Where PostgreSQL is on another timeline than the tape, after a failover, the tape
 * becomes another one first: its epoch changes.
 */
export async function readHead(database: Database): Promise<Head> {
  let [row] = await database.run<HeadRow>(READ_HEAD, []);
  if (row?.moved === true) {
    await database.run(FOLLOW_TIMELINE, []);
    [row] = await database.run<HeadRow>(READ_HEAD, []);
  }
  if (row === undefined) throw unavailable("The tape has no head row: the database is not migrated.");
  return {
    seq: Number(row.seq),
    trades: Number(row.trades_seq),
    portfolios: Number(row.portfolios_seq),
    sentiments: Number(row.sentiments_seq),
    oldest: Number(row.oldest),
    epoch: row.epoch,
  };
}

/** Makes the tape another one, whose epoch was `epoch`: numbers of it have come to mean something else. */
export async function renewEpoch(database: Database, epoch: string): Promise<void> {
  await database.run(RENEW_EPOCH, [epoch]);
}

/**
 * A shared reader of the head: all who ask while a query is in flight share the next one. So each answer comes from a
 * query that started after its caller asked, and a thousand callers cost a query a round trip.
 */
export function sharedHeadReader(read: () => Promise<Head>): () => Promise<Head> {
  let inFlight: Promise<unknown> | undefined;
  let next: Promise<Head> | undefined;
  return () => {
    next ??= (async () => {
      // A turn of the event loop at least, so that requests parsed in the same turn share one query.
      await (inFlight ?? new Promise(setImmediate));
      next = undefined;
      const query = read();
      inFlight = query.then(
        () => {},
        () => {},
      );
      return await query;
    })();
    return next;
  };
}
