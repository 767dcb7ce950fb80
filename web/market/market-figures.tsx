import { Change, Moment } from "../board/figures.tsx";
import { percentSize, price, quantity } from "../board/format.ts";
import type { Market } from "../client/index.ts";

/** One symbol's price in large, its last 24 hours, and where it comes from. */
export function MarketFigures({ market }: { market: Market }) {
  const { symbol, coin, as_of, source } = market;
  return (
    <div class="market-figures">
      <h2>
        {symbol} {coin.name !== symbol && <small>{coin.name}</small>}
      </h2>
      <p class="now">{price(market.price)}</p>
      <dl class="sums">
        <div>
          <dt>24 h</dt>
          <dd>
            <Change value={market.change_24h} format={percentSize} />
          </dd>
        </div>
        <div>
          <dt>High</dt>
          <dd>{price(market.high_24h)}</dd>
        </div>
        <div>
          <dt>Low</dt>
          <dd>{price(market.low_24h)}</dd>
        </div>
        <div>
          <dt>Volume</dt>
          <dd>{quantity(market.volume_24h)}</dd>
        </div>
        <div class="as-of">
          <dt>Source: {source}</dt>
          <dd>
            <Moment at={as_of} inSentence />
          </dd>
        </div>
      </dl>
    </div>
  );
}
