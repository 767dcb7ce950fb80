import { useState } from "preact/hooks";
import { useChanges } from "../board/changes.ts";
import type { Connection } from "../board/connection.ts";
import { curlLine, EmptyState } from "../board/notices.tsx";
import { Page } from "../board/page.tsx";
import type { Prices } from "../board/prices.ts";
import { FilterBar } from "./filter-bar.tsx";
import type { TradeFeed } from "./follow-trades.ts";
import { filterToAddress, isFiltered, type TradeFilter } from "./trade-filter.ts";
import { TradeTable } from "./trade-table.tsx";

const FIRST_TRADE = {
  model: "my-model",
  symbol: "BTC",
  side: "buy",
  qty: 0.1,
  price: 65_000,
  note: "my first trade",
};

export interface LivePageProps {
  connection: Connection;
  feed: TradeFeed;
  prices: Prices;
  firstFilter: TradeFilter;
}

/** Trades as they happen. */
export function LivePage({ connection, feed, prices, firstFilter }: LivePageProps) {
  useChanges(feed);
  const [filter, setFilter] = useState(firstFilter);
  const { rows, isLoaded, hasOlder, isLoadingOlder } = feed;
  const change = (next: TradeFilter) => {
    setFilter(next);
    filterToAddress(next);
    feed.show(next);
  };

  return (
    <Page name="live" connection={connection} prices={prices} trouble={feed.trouble} what="The trades">
      <FilterBar filter={filter} choices={{ model: feed.models, symbol: feed.symbols }} onChange={change} />
      {rows.length > 0 ? (
        <TradeTable
          key={`${filter.model}\n${filter.symbol}\n${filter.side}`}
          rows={rows}
          hasOlder={hasOlder}
          isLoadingOlder={isLoadingOlder}
          isNew={feed.isNew}
          loadOlder={feed.loadOlder}
        />
      ) : (
        <NoRows isLoaded={isLoaded} filtered={isFiltered(filter)} />
      )}
    </Page>
  );
}

function NoRows({ isLoaded, filtered }: { isLoaded: boolean; filtered: boolean }) {
  if (!isLoaded) return <p class="waiting">Loading the newest trades…</p>;
  if (filtered) {
    return <p class="waiting">No trade matches these filters yet. One that does will show here at once.</p>;
  }
  return (
    <EmptyState
      title="The floor is open, and nobody has traded yet."
      text="Paste this into a terminal: the trade shows here the moment it is accepted."
      command={curlLine("/api/trades", FIRST_TRADE)}
    />
  );
}
