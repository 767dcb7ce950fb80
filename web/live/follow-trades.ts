import { type Changing, createChanges } from "../board/changes.ts";
import { getUntilThere, pathOf, type Trouble } from "../board/rest.ts";
import { createTradeRows, MOST_ROWS } from "../board/trade-rows.ts";
import type { PlaygroundClient, Trade } from "../client/index.ts";
import { matches, type TradeFilter } from "./trade-filter.ts";

const PAGE = 200;
const NEW_FOR_MS = 2000;
/** Where more come in that time everything is new, and lighting it all up would only flicker. */
const MOST_NEW = 12;

interface TradePage {
  trades: Trade[];
  next_cursor: string | null;
}

/** The board's trades: the newest page by REST, what happens by the stream, older pages when they are asked for. */
export interface TradeFeed extends Changing {
  readonly rows: readonly Trade[];
  /** Undefined until the first page is there. */
  readonly isLoaded: boolean;
  readonly isLoadingOlder: boolean;
  readonly hasOlder: boolean;
  readonly trouble: Trouble | undefined;
  /** Models and symbols seen so far, sorted: what there is to filter by. */
  readonly models: readonly string[];
  readonly symbols: readonly string[];
  /** Whether the stream brought it a moment ago. */
  isNew(trade: Trade): boolean;
  start(client: PlaygroundClient): void;
  show(filter: TradeFilter): void;
  loadOlder(): void;
}

export function createTradeFeed(first: TradeFilter): TradeFeed {
  const { changed, subscribe } = createChanges();
  const rows = createTradeRows();
  const models = new Set<string>();
  const symbols = new Set<string>();
  const arrivals = new WeakMap<Trade, number>();
  let latestArrivals: number[] = [];
  let filter = first;
  let isStarted = false;
  let isLoaded = false;
  let isLoadingOlder = false;
  let cursor: string | null = null;
  let trouble: Trouble | undefined;
  let generation = 0;
  /** What the stream brought since the page on its way was asked for. */
  let arrived: Trade[] = [];
  let isReplacing = false;

  const see = (trades: readonly Trade[]) => {
    for (const { model, symbol } of trades) {
      models.add(model);
      symbols.add(symbol);
    }
  };
  const take = (trades: readonly Trade[]) => {
    see(trades);
    const wanted = trades.filter((trade) => matches(filter, trade));
    const now = Date.now();
    for (const trade of wanted) arrivals.set(trade, now);
    latestArrivals = [...latestArrivals, ...wanted.map(() => now)].slice(-MOST_NEW - 1);
    rows.add(wanted);
    if (isReplacing) arrived.push(...wanted);
    changed();
  };
  const getPage = async (after: string | null, mine: number) => {
    const path = pathOf("/api/trades", { ...filter, limit: PAGE, cursor: after ?? undefined });
    const onTrouble = (met: Trouble | undefined) => {
      trouble = met;
      changed();
    };
    const page = await getUntilThere<TradePage>(path, onTrouble, () => mine === generation);
    return mine === generation ? page : undefined;
  };
  const load = async () => {
    const mine = ++generation;
    arrived = [];
    isReplacing = true;
    isLoadingOlder = false;
    const page = await getPage(null, mine);
    if (page === undefined) return;
    see(page.trades);
    rows.replace([...page.trades, ...arrived]);
    cursor = page.next_cursor;
    isReplacing = false;
    isLoaded = true;
    changed();
  };
  const loadOlder = async () => {
    if (cursor === null || isLoadingOlder || isReplacing) return;
    isLoadingOlder = true;
    changed();
    const mine = generation;
    const page = await getPage(cursor, mine);
    if (mine !== generation) return;
    isLoadingOlder = false;
    if (page !== undefined) {
      see(page.trades);
      rows.add(page.trades);
      cursor = page.next_cursor;
    }
    changed();
  };

  return {
    subscribe,
    get rows() {
      return rows.all();
    },
    get isLoaded() {
      return isLoaded;
    },
    get isLoadingOlder() {
      return isLoadingOlder;
    },
    get hasOlder() {
      return cursor !== null && rows.all().length < MOST_ROWS;
    },
    get trouble() {
      return trouble;
    },
    get models() {
      return [...models].sort();
    },
    get symbols() {
      return [...symbols].sort();
    },
    isNew(trade) {
      const since = Date.now() - NEW_FOR_MS;
      const isBusy = latestArrivals.length > MOST_NEW && (latestArrivals[0] ?? 0) > since;
      return !isBusy && (arrivals.get(trade) ?? 0) > since;
    },
    start(client) {
      isStarted = true;
      client.on("trades", take);
      client.on("reset", () => void load());
      void load();
    },
    show(next) {
      filter = next;
      // What is here already is shown at once, until the page is there.
      rows.replace(rows.all().filter((trade) => matches(next, trade)));
      changed();
      if (isStarted) void load();
    },
    loadOlder: () => void loadOlder(),
  };
}
