import { Change, ModelName, Moment } from "../board/figures.tsx";
import { money, percent } from "../board/format.ts";
import { EquityChart } from "./equity-chart.tsx";
import type { BoardPortfolio } from "./follow-portfolios.ts";
import { Positions } from "./positions.tsx";

const CHART_HEIGHT = 7;

/** All there is to say about one model's portfolio. */
export function PortfolioCard({ portfolio, rank }: { portfolio: BoardPortfolio; rank: number }) {
  const { model, balance, equity, unrealized, stale, positions, last_update, curve } = portfolio;
  const start = curve[0]?.equity ?? 0;
  return (
    <article class="card" aria-label={model} data-model={model}>
      <header>
        <h2>
          <ModelName model={model} />
        </h2>
        {stale && (
          <span class="tag warn" title="A price is missing or older than 60 s">
            stale
          </span>
        )}
        <span class="rank" title="Place by equity">
          #{rank}
        </span>
      </header>
      <dl class="sums">
        <div class="equity">
          <dt>Equity</dt>
          <dd>{money(equity)}</dd>
        </div>
        <div>
          <dt>Since start</dt>
          <dd>{start > 0 ? <Change value={(equity / start - 1) * 100} format={percentSize} /> : "–"}</dd>
        </div>
        <div>
          <dt>Unrealized P&L</dt>
          <dd>
            <Change value={unrealized} />
          </dd>
        </div>
        <div>
          <dt>Balance</dt>
          <dd>{money(balance)}</dd>
        </div>
      </dl>
      <EquityChart curves={[{ model, points: curve }]} height={CHART_HEIGHT} />
      <Positions model={model} positions={positions} />
      <footer>
        Reported <Moment at={last_update} inSentence />
      </footer>
    </article>
  );
}

// `Change` puts the plus sign.
const percentSize = (value: number) => percent(value).replace("+", "");
