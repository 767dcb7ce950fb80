import type { ResetEvent } from "../contracts/stream.ts";
import type { Database } from "../platform/postgres/database.ts";
import { type Follower, type Head, readRecords, type TapePage, type TapeRecord } from "../tape/index.ts";
import { type Channel, matchesAny, selectionOf } from "./channels.ts";

const PAGE = 1000;

/** Why a client cannot go on from `since`; undefined where it can. */
export function whyReset(
  head: Head,
  since: number,
  epoch: string | undefined,
): ResetEvent["reason"] | undefined {
  if (epoch !== undefined && epoch !== head.epoch) return "epoch";
  if (since > head.seq) return "ahead";
  return since + 1 < head.oldest ? "too_old" : undefined;
}

/** A page of the past, or the head of a tape whose next entries were trimmed off before they could be read. */
export type PastPage = TapePage<TapeRecord> | { trimmed: Head };

/**
 * The next page of what some channels carried after `since`, up to this instance's cursor: from memory where that goes
 * back far enough, else from PostgreSQL. @throws where PostgreSQL is away.
 */
export async function readPast(
  { follower, database, readHead }: { follower: Follower; database: Database; readHead: () => Promise<Head> },
  channels: readonly Channel[],
  since: number,
): Promise<PastPage> {
  const until = follower.cursor;
  if (since >= until) return { entries: [], upTo: since };
  const recent = follower.recent.read(since, until, PAGE);
  if (recent === undefined) {
    const page = await readRecords(database, selectionOf(channels), since, until, PAGE);
    // Asked after the page: the head says what is kept before anything is taken off.
    const head = await readHead();
    return since + 1 < head.oldest ? { trimmed: head } : page;
  }
  const names = new Set(channels.map(({ name }) => name));
  return { entries: recent.filter((entry) => matchesAny(names, entry)), upTo: recent.at(-1)?.seq ?? until };
}
