import { unavailable } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";

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
  text: "SELECT seq, trades_seq, portfolios_seq, sentiments_seq, oldest, epoch FROM tape_head WHERE id = 1",
};

interface HeadRow {
  seq: string;
  trades_seq: string;
  portfolios_seq: string;
  sentiments_seq: string;
  oldest: string;
  epoch: string;
}

/** Reads the head row as it is now. */
export async function readHead(database: Database): Promise<Head> {
  const [row] = await database.run<HeadRow>(READ_HEAD, []);
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
