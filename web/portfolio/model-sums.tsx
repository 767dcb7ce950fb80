import { Change } from "../board/figures.tsx";
import { money, percentSize, share } from "../board/format.ts";
import type { BoardModel } from "./board-model.ts";

/** A model's main figures in large; places stay reserved for what is not known. */
export function ModelSums({ known }: { known: BoardModel | undefined }) {
  const { portfolio, row } = known ?? {};
  const returned = known?.returned ?? null;
  return (
    <dl class="sums">
      <div class="equity">
        <dt>Equity</dt>
        <dd>{known === undefined ? "–" : money(known.equity)}</dd>
      </div>
      <div>
        <dt>Return</dt>
        <dd>{returned === null ? "–" : <Change value={returned} format={percentSize} />}</dd>
      </div>
      <div>
        <dt>Balance</dt>
        <dd>{portfolio === undefined ? "–" : money(portfolio.balance)}</dd>
      </div>
      <div>
        <dt>Unrealized P&L</dt>
        <dd>{portfolio === undefined ? "–" : <Change value={portfolio.unrealized} />}</dd>
      </div>
      <div>
        <dt>Realized P&L</dt>
        <dd>{row === undefined ? "–" : <Change value={row.realized_pnl} />}</dd>
      </div>
      <div>
        <dt>Ledger equity</dt>
        <dd>{row === undefined ? "–" : money(row.ledger_equity)}</dd>
      </div>
      <div>
        <dt>Drawdown</dt>
        <dd>{row?.max_drawdown_pct == null ? "–" : share(row.max_drawdown_pct)}</dd>
      </div>
    </dl>
  );
}
