import { type Changing, createChanges } from "../board/changes.ts";
import { getUntilThere, pathOf, type Trouble } from "../board/rest.ts";
import { createTradeRows } from "../board/trade-rows.ts";
import type { Analytics, PlaygroundClient, Trade } from "../client/index.ts";

const TRADES = 500;
const MOST_TRADES = 2000;
/** Analytics are asked for again after trades, at most this often. */
const REFRESH_MS = 1500;

/** One model's trades and what they add up to. */
export interface ModelFeed extends Changing {
  /** Latest happening first. */
  readonly trades: readonly Trade[];
  /** Undefined until it is there. */
  readonly analytics: Analytics | undefined;
  /** Why they are not there. */
  readonly analyticsTrouble: Trouble | undefined;
  /** Whether the trades are there. */
  readonly isLoaded: boolean;
  readonly trouble: Trouble | undefined;
  start(client: PlaygroundClient): void;
  /** Follows this model from now on, and no other. */
  choose(model: string): void;
}

export function createModelFeed(): ModelFeed {
  const { changed, subscribe } = createChanges();
  const rows = createTradeRows(MOST_TRADES);
  let model: string | undefined;
  let isStarted = false;
  let isLoaded = false;
  let analytics: Analytics | undefined;
  let trouble: Trouble | undefined;
  let analyticsTrouble: Trouble | undefined;
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const loadAnalytics = async (mine: number) => {
    if (model === undefined) return;
    const answer = await getUntilThere<Analytics>(
      `/api/models/${encodeURIComponent(model)}/analytics`,
      (met) => {
        analyticsTrouble = met;
        changed();
      },
      () => mine === generation,
    );
    if (answer === undefined || mine !== generation) return;
    analytics = answer;
    changed();
  };
  const load = async () => {
    if (model === undefined || !isStarted) return;
    const mine = ++generation;
    clearTimeout(timer);
    timer = undefined;
    void loadAnalytics(mine);
    const page = await getUntilThere<{ trades: Trade[] }>(
      pathOf("/api/trades", { model, limit: TRADES }),
      (met) => {
        trouble = met;
        changed();
      },
      () => mine === generation,
    );
    if (page === undefined || mine !== generation) return;
    rows.add(page.trades);
    isLoaded = true;
    changed();
  };
  const take = (trades: readonly Trade[]) => {
    const own = trades.filter((trade) => trade.model === model);
    if (own.length === 0) return;
    rows.add(own);
    const mine = generation;
    timer ??= setTimeout(() => {
      timer = undefined;
      void loadAnalytics(mine);
    }, REFRESH_MS);
    changed();
  };

  return {
    subscribe,
    get trades() {
      return rows.all();
    },
    get analytics() {
      return analytics;
    },
    get analyticsTrouble() {
      return analyticsTrouble;
    },
    get isLoaded() {
      return isLoaded;
    },
    get trouble() {
      return trouble;
    },
    start(client) {
      isStarted = true;
      client.on("trades", take);
      client.on("reset", () => {
        rows.replace([]);
        void load();
      });
      void load();
    },
    choose(next) {
      if (next === model) return;
      model = next;
      analytics = undefined;
      analyticsTrouble = undefined;
      isLoaded = false;
      rows.replace([]);
      void load();
    },
  };
}
