import { Change } from "../board/figures.tsx";
import { percentSize, price, quantity } from "../board/format.ts";
import { SCROLLS } from "../board/scrolls.ts";
import { isStale } from "../board/stale.ts";
import type { Market } from "../client/index.ts";

export interface MarketTilesProps {
  markets: readonly Market[];
  chosen: string;
  /** The service's time, Unix milliseconds. */
  now: number;
  onChoose: (symbol: string) => void;
}

/** All symbols with their last 24 hours; a click shows one's candles. */
export function MarketTiles({ markets, chosen, now, onChoose }: MarketTilesProps) {
  return (
    <section class="tiles" aria-label="All symbols" {...SCROLLS}>
      <ul>
        {markets.map((market) => (
          <li key={market.symbol}>
            <button
              type="button"
              class="tile"
              aria-pressed={market.symbol === chosen}
              onClick={() => onChoose(market.symbol)}
            >
              <span class="name">
                <b>{market.symbol}</b>
                <small>
                  {isStale(market, now) ? "stale" : market.coin.name !== market.symbol && market.coin.name}
                </small>
              </span>
              <Change value={market.change_24h} format={percentSize} />
              <span class="now">{price(market.price)}</span>
              <span class="range">
                <small>
                  Low <i>{price(market.low_24h)}</i>
                </small>
                <small>
                  High <i>{price(market.high_24h)}</i>
                </small>
                <small>
                  Vol <i>{quantity(market.volume_24h)}</i>
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
