import { Change } from "../board/figures.tsx";
import { percentSize, price, quantity } from "../board/format.ts";
import { SCROLLS } from "../board/scrolls.ts";
import { isStale } from "../board/stale.ts";
import type { Market } from "../client/index.ts";

export interface MarketTableProps {
  markets: readonly Market[];
  chosen: string;
  /** The service's time, Unix milliseconds. */
  now: number;
  onChoose: (symbol: string) => void;
}

/** All symbols with their last 24 hours; a click shows one's candles. */
export function MarketTable({ markets, chosen, now, onChoose }: MarketTableProps) {
  return (
    <section class="panel markets" aria-label="All symbols" {...SCROLLS}>
      <table class="sheet">
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            <th scope="col" class="figure">
              Price
            </th>
            <th scope="col" class="figure">
              24 h
            </th>
            <th scope="col" class="figure range">
              Low
            </th>
            <th scope="col" class="figure range">
              High
            </th>
            <th scope="col" class="figure volume">
              Volume
            </th>
          </tr>
        </thead>
        <tbody>
          {markets.map((market) => (
            <tr key={market.symbol} class={market.symbol === chosen ? "chosen" : undefined}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={market.symbol === chosen}
                  onClick={() => onChoose(market.symbol)}
                >
                  <b>{market.symbol}</b>
                  {market.coin.name !== market.symbol && <small>{market.coin.name}</small>}
                </button>
              </th>
              <td class="figure price">
                {isStale(market, now) && <span class="tag warn">stale</span>}
                {price(market.price)}
              </td>
              <td class="figure">
                <Change value={market.change_24h} format={percentSize} />
              </td>
              <td class="figure range">{price(market.low_24h)}</td>
              <td class="figure range">{price(market.high_24h)}</td>
              <td class="figure volume">{quantity(market.volume_24h)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
