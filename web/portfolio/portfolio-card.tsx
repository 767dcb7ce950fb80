import { Change, ModelName, Moment } from "../board/figures.tsx";
import { money, percentSize } from "../board/format.ts";
import { Sparkline } from "../chart/sparkline.tsx";
import type { BoardModel } from "./board-model.ts";
import { Positions } from "./positions.tsx";

/** One model at a glance; its name leads to all there is to say about it. */
export function PortfolioCard({ of }: { of: BoardModel }) {
  const { model, rank, equity, returned, curve, portfolio } = of;
  return (
    <article class="panel card" aria-label={model} data-model={model}>
      <header>
        <h2>
          <a href={`/portfolio?model=${encodeURIComponent(model)}`}>
            <ModelName model={model} />
          </a>
        </h2>
        {portfolio?.stale === true && <StaleTag />}
        {rank !== undefined && (
          <span class="rank" title="Rank on the leaderboard">
            #{rank}
          </span>
        )}
      </header>
      <dl class="sums">
        <div class="equity">
          <dt>Equity</dt>
          <dd>{money(equity)}</dd>
        </div>
        <div>
          <dt>Return</dt>
          <dd>{returned === null ? "–" : <Change value={returned} format={percentSize} />}</dd>
        </div>
        <div>
          <dt>Unrealized P&L</dt>
          <dd>{portfolio === undefined ? "–" : <Change value={portfolio.unrealized} />}</dd>
        </div>
        <div>
          <dt>Balance</dt>
          <dd>{portfolio === undefined ? "–" : money(portfolio.balance)}</dd>
        </div>
      </dl>
      <Sparkline model={model} points={curve} />
      {portfolio === undefined ? (
        <p class="flat">No portfolio reported: the equity is what its trades add up to.</p>
      ) : (
        <>
          <Positions model={model} positions={portfolio.positions} />
          <footer>
            Reported <Moment at={portfolio.last_update} inSentence />
          </footer>
        </>
      )}
    </article>
  );
}

export function StaleTag() {
  return (
    <span class="tag warn" title="A price is missing or older than 60 s">
      stale
    </span>
  );
}
