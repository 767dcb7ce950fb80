import { Change, Moment } from "../board/figures.tsx";
import { price, quantity } from "../board/format.ts";
import { SCROLLS } from "../board/scrolls.ts";
import { happenedAt } from "../board/trade-rows.ts";
import type { Trade } from "../client/index.ts";

const SHOWN = 30;

export interface LatestTradesProps {
  model: string;
  trades: readonly Trade[];
  isLoaded: boolean;
}

/** A model's newest trades in short; the board has them all. */
export function LatestTrades({ model, trades, isLoaded }: LatestTradesProps) {
  return (
    <section class="panel latest" aria-labelledby="latest">
      <header>
        <h2 id="latest">Latest trades</h2>
        <a href={`/live?model=${encodeURIComponent(model)}`}>all of them, live</a>
      </header>
      {trades.length === 0 && <p class="flat">{isLoaded ? "No trade yet." : "Loading the trades…"}</p>}
      <div class="scrolling" {...SCROLLS}>
        <table class="sheet">
          <tbody>
            {trades.slice(0, SHOWN).map((trade) => (
              <tr key={trade.id} data-trade={trade.id}>
                <td class="when">
                  <Moment at={happenedAt(trade)} />
                </td>
                <td class="side">
                  <span class={trade.side}>{trade.side}</span>
                </td>
                <th scope="row">{trade.symbol}</th>
                <td class="figure">{quantity(trade.qty)}</td>
                <td class="figure">{price(trade.price)}</td>
                <td class="figure">
                  {trade.status === "open" ? <span class="tag">open</span> : <Change value={trade.pnl} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
