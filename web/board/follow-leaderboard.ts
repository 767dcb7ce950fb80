import type { LeaderboardRow, PlaygroundClient } from "../client/index.ts";
import { type Changing, createChanges } from "./changes.ts";
import { serverNow } from "./clock.ts";
import type { EquityCurves } from "./equity-curves.ts";
import { LIVE_ROWS, mergeRows, newestRows } from "./merge-rows.ts";
import { getUntilThere, type Trouble } from "./rest.ts";

/** Curves further down are fetched when they are looked for, on the model's own page. */
const MOST_CURVES = 60;
/** Prices move an equity twice a second: a curve takes a point this often at most. */
const POINT_EVERY_MS = 5000;

/** Rows further down are not on the stream: they are asked for anew this often. */
const RELOAD_EVERY_MS = 30_000;

/** The ranking: by REST first, then with what the stream says of its first 100 rows. */
export interface LeaderboardFeed extends Changing {
  readonly rows: readonly LeaderboardRow[];
  readonly isLoaded: boolean;
  /** Whether there are models further down than these rows go. */
  readonly hasMore: boolean;
  readonly trouble: Trouble | undefined;
  start(client: PlaygroundClient): void;
}

/** @param hasOwnCurve says whether someone else brings this model's live points to the curves. */
export function createLeaderboardFeed(
  curves: EquityCurves,
  hasOwnCurve: (row: LeaderboardRow) => boolean = () => false,
): LeaderboardFeed {
  const { changed, subscribe } = createChanges();
  let rows: readonly LeaderboardRow[] = [];
  let isLoaded = false;
  let hasMore = false;
  let trouble: Trouble | undefined;
  let generation = 0;
  /** What the stream brought since the rows on their way were asked for. */
  let arrived: readonly LeaderboardRow[] | undefined;

  const pointAt = new Map<string, number>();
  const show = (next: readonly LeaderboardRow[]) => {
    const t = serverNow();
    const before = new Map(rows.map((row) => [row.model, row.equity]));
    for (const row of next) {
      const { model, equity } = row;
      // A model that has stopped gets no points, so that its curve ends where it stopped.
      const hasMoved = before.has(model) && before.get(model) !== equity;
      if (!hasMoved || hasOwnCurve(row) || t - (pointAt.get(model) ?? 0) < POINT_EVERY_MS) continue;
      pointAt.set(model, t);
      curves.insert(model, { t, equity });
    }
    rows = next;
    isLoaded = true;
    curves.want(next.slice(0, MOST_CURVES).map(({ model }) => model));
    changed();
  };
  const load = async () => {
    const mine = ++generation;
    arrived = [];
    const page = await getUntilThere<{ leaderboard: LeaderboardRow[]; next_cursor: string | null }>(
      "/api/leaderboard",
      (met) => {
        trouble = met;
        changed();
      },
      () => mine === generation,
    );
    if (page === undefined || mine !== generation) return;
    // What the stream has sent since it was asked for is newer.
    const newer = arrived ?? [];
    arrived = undefined;
    hasMore = page.next_cursor !== null;
    show(mergeRows(page.leaderboard, newer));
  };

  return {
    subscribe,
    get rows() {
      return rows;
    },
    get isLoaded() {
      return isLoaded;
    },
    get hasMore() {
      return hasMore;
    },
    get trouble() {
      return trouble;
    },
    start(client) {
      client.on("leaderboard", (next) => {
        if (arrived !== undefined) arrived = newestRows(arrived, next);
        trouble = undefined;
        show(mergeRows(rows, next));
      });
      client.on("reset", () => {
        curves.clear();
        // Rows of the board of before may still be on their way, and would stay in the first page.
        void load().then(load);
      });
      void load();
      setInterval(() => {
        if (arrived === undefined && rows.length >= LIVE_ROWS && !document.hidden) void load();
      }, RELOAD_EVERY_MS);
    },
  };
}
