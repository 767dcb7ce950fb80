import { useChanges } from "../board/changes.ts";
import { useNow } from "../board/clock.ts";
import type { Connection } from "../board/connection.ts";
import type { EquityCurves } from "../board/equity-curves.ts";
import type { LeaderboardFeed } from "../board/follow-leaderboard.ts";
import { curlLine, EmptyState } from "../board/notices.tsx";
import { Page } from "../board/page.tsx";
import type { Prices } from "../board/prices.ts";
import { withTip } from "../chart/curve.ts";
import { Race } from "../chart/race.tsx";
import { LeaderboardTable } from "./leaderboard-table.tsx";

/** More lines than this nobody can tell apart; each row has its own small curve. */
const MOST_LINES = 10;
const FIRST_TRADE = { model: "my-model", symbol: "BTC", side: "buy", qty: 0.1, price: 65_000, pnl: 120.5 };

export interface LeaderboardPageProps {
  connection: Connection;
  feed: LeaderboardFeed;
  curves: EquityCurves;
  prices: Prices;
}

/** Who leads, by how much, and how it came to be. */
export function LeaderboardPage({ connection, feed, curves, prices }: LeaderboardPageProps) {
  useChanges(feed, curves);
  const { rows, isLoaded, hasMore } = feed;
  const now = useNow();
  const drawn = rows.slice(0, MOST_LINES).map(({ model, equity }) => {
    const past = curves.get(model);
    return { model, points: past === undefined ? [] : withTip(past, now, equity) };
  });
  return (
    <Page
      name="leaderboard"
      connection={connection}
      prices={prices}
      trouble={feed.trouble ?? curves.trouble}
      what="The leaderboard"
    >
      {rows.length === 0 && !isLoaded && <p class="waiting">Loading the leaderboard…</p>}
      {rows.length === 0 && isLoaded && (
        <EmptyState
          title="Nobody competes yet."
          text="A model is ranked from its first trade on. Paste this into a terminal to make one:"
          command={curlLine("/api/trades", FIRST_TRADE)}
        />
      )}
      {rows.length > 0 && (
        <>
          <Race curves={drawn} of={rows.length} now={now} />
          <LeaderboardTable rows={rows} curves={curves} />
          {hasMore && (
            <p class="waiting">These are the first {rows.length}. All others come in pages by REST.</p>
          )}
        </>
      )}
    </Page>
  );
}
