import { type Changing, createChanges } from "../board/changes.ts";
import type { Prices } from "../board/prices.ts";
import { getUntilThere, pathOf, type Trouble } from "../board/rest.ts";
import { type Candle, candleStart, type Interval, withPrice } from "./candle.ts";

const CANDLES = 500;

interface CandlePage {
  candles: { time: string; open: number; high: number; low: number; close: number; volume: number }[];
}

/** One symbol's candles by REST, moved on by each price. */
export interface CandleFeed extends Changing {
  /** Undefined until they are there; those of the choice before stay until then. */
  readonly shown: { symbol: string; interval: Interval; candles: readonly Candle[] } | undefined;
  readonly trouble: Trouble | undefined;
  choose(symbol: string, interval: Interval): void;
  /** After a reset the past may be another one. */
  reload(): void;
  /** Stops following the prices. */
  end(): void;
}

export function createCandleFeed(prices: Prices): CandleFeed {
  const { changed, subscribe } = createChanges();
  let chosen: { symbol: string; interval: Interval } | undefined;
  let shown: CandleFeed["shown"];
  let trouble: Trouble | undefined;
  let generation = 0;
  /** The newest candle whose beginning was answered with a new look at those before it. */
  let begunAt = 0;

  const load = async () => {
    if (chosen === undefined) return;
    const mine = ++generation;
    const { symbol, interval } = chosen;
    const page = await getUntilThere<CandlePage>(
      pathOf("/api/market/candles", { symbol, interval, limit: CANDLES }),
      (met) => {
        trouble = met;
        changed();
      },
      () => mine === generation,
    );
    if (page === undefined || mine !== generation) return;
    shown = {
      symbol,
      interval,
      candles: page.candles.map(({ time, ...figures }) => ({ t: Date.parse(time), ...figures })),
    };
    move();
    changed();
  };
  /** Frames leave values out, so each candle that ended is asked for once more, as the service saw it. */
  const move = () => {
    if (shown === undefined) return;
    const quote = prices.get(shown.symbol);
    if (quote === undefined) return;
    const { candles, interval } = shown;
    const t = Date.parse(quote.as_of);
    const last = candles.at(-1);
    const moved = withPrice(candles, interval, quote.price, t);
    if (moved === candles) return;
    shown = { ...shown, candles: moved };
    changed();
    const start = candleStart(t, interval);
    if (last === undefined || start <= last.t || start === begunAt) return;
    begunAt = start;
    void load();
  };
  const leave = prices.subscribe(move);

  return {
    subscribe,
    get shown() {
      return shown;
    },
    get trouble() {
      return trouble;
    },
    choose(symbol, interval) {
      if (chosen?.symbol === symbol && chosen.interval === interval) return;
      chosen = { symbol, interval };
      void load();
    },
    reload: () => void load(),
    end: leave,
  };
}
