import { type Changing, createChanges } from "../board/changes.ts";
import { serverNow } from "../board/clock.ts";
import type { EquityCurves } from "../board/equity-curves.ts";
import type { Prices } from "../board/prices.ts";
import { getUntilThere, type Trouble } from "../board/rest.ts";
import { type CurvePoint, withTip } from "../chart/curve.ts";
import type { PlaygroundClient, Portfolio } from "../client/index.ts";
import { type Valuation, valuePortfolio } from "./value-portfolio.ts";

const RECOMPUTE_MS = 1000;
const FIRST_PRICES_MS = 3000;

/** A page that shows all of them reads no further than this. */
const MOST_PAGES = 20;

interface Page {
  portfolios: Portfolio[];
  next_cursor: string | null;
}

/** A model's portfolio with its present value and its curve up to now. */
export interface BoardPortfolio extends Valuation {
  model: string;
  balance: number;
  last_update: string;
  curve: readonly CurvePoint[];
}

export interface PortfolioFeed extends Changing {
  /** By model; recomputed at most once a second. */
  readonly portfolios: readonly BoardPortfolio[];
  readonly isLoaded: boolean;
  readonly trouble: Trouble | undefined;
  start(client: PlaygroundClient): void;
}

/** Portfolios by REST, then each report from the stream, valued with the newest prices. */
export function createPortfolioFeed(prices: Prices, curves: EquityCurves): PortfolioFeed {
  const { changed, subscribe } = createChanges();
  const reported = new Map<string, Portfolio>();
  let portfolios: BoardPortfolio[] = [];
  let isLoaded = false;
  let trouble: Trouble | undefined;
  let generation = 0;
  /** What the stream brought since the list on its way was asked for. */
  let arrived: Portfolio[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let recomputedAt = Number.NEGATIVE_INFINITY;

  const onTrouble = (met: Trouble | undefined) => {
    trouble = met;
    changed();
  };
  const recompute = () => {
    timer = undefined;
    recomputedAt = performance.now();
    const now = serverNow();
    portfolios = [...reported.values()]
      .sort((a, b) => (a.model < b.model ? -1 : 1))
      .map((portfolio) => {
        const { model, balance, last_update } = portfolio;
        const valuation = valuePortfolio(portfolio, prices.get, now);
        const curve = withTip(curves.get(model) ?? [], now, valuation.equity);
        return { ...valuation, model, balance, last_update, curve };
      });
    changed();
  };
  const recomputeSoon = () => {
    if (timer !== undefined) return;
    timer = setTimeout(recompute, Math.max(0, recomputedAt + RECOMPUTE_MS - performance.now()));
  };
  /** Keeps the later of two reports. @returns whether this is the one. */
  const keep = (portfolio: Portfolio) => {
    if ((reported.get(portfolio.model)?.seq ?? 0) >= portfolio.seq) return false;
    reported.set(portfolio.model, portfolio);
    return true;
  };

  const take = (records: Portfolio[]) => {
    arrived.push(...records);
    for (const record of records) {
      const isFirst = !reported.has(record.model);
      if (!keep(record)) continue;
      const { equity } = valuePortfolio(record, prices.get, serverNow());
      // From its first report on a model's curve is that of its reports, and no longer of its trades.
      if (isFirst) curves.renew(record.model);
      else curves.insert(record.model, { t: Date.parse(record.last_update), equity });
    }
    recomputeSoon();
  };
  const load = async (client: PlaygroundClient, isReset: boolean) => {
    const mine = ++generation;
    arrived = [];
    const all: Portfolio[] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < MOST_PAGES; pages++) {
      const page: Page | undefined = await getUntilThere<Page>(
        `/api/portfolio?limit=1000${cursor === "" ? "" : `&cursor=${cursor}`}`,
        onTrouble,
        () => mine === generation,
      );
      if (page === undefined) return;
      all.push(...page.portfolios);
      cursor = page.next_cursor;
    }
    await firstPrices(client);
    if (mine !== generation) return;
    // After a reset the tape is another one: its seqs do not compare with those from before.
    if (isReset) {
      reported.clear();
      curves.clear();
    }
    for (const portfolio of [...all, ...arrived]) keep(portfolio);
    isLoaded = true;
    recompute();
    curves.want([...reported.keys()]);
  };

  prices.subscribe(recomputeSoon);
  curves.subscribe(recomputeSoon);
  // Without any event a valuation still grows stale, and the curve's end moves on.
  setInterval(recomputeSoon, 5 * RECOMPUTE_MS);

  return {
    subscribe,
    get portfolios() {
      return portfolios;
    },
    get isLoaded() {
      return isLoaded;
    },
    get trouble() {
      return trouble;
    },
    start(client) {
      client.on("portfolios", take);
      client.on("reset", () => void load(client, true));
      void load(client, false);
    },
  };
}

/** The stream sends the current prices before it says that it is live: figures without them would jump at once. */
function firstPrices(client: PlaygroundClient): Promise<void> {
  if (client.state === "live") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FIRST_PRICES_MS);
    const leave = client.on("state", (state) => {
      if (state !== "live") return;
      clearTimeout(timer);
      leave();
      resolve();
    });
  });
}
