import type { ComponentChildren } from "preact";
import type { EquityCurves } from "../board/equity-curves.ts";
import { Change, ModelName, Moment } from "../board/figures.tsx";
import { money, percentSize, share, signed } from "../board/format.ts";
import { SCROLLS } from "../board/scrolls.ts";
import { Sparkline } from "../chart/sparkline.tsx";
import type { LeaderboardRow } from "../client/index.ts";
import { divergenceOf } from "./divergence.ts";

const NO_POINTS = [] as const;
const RATIO = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

interface Column {
  name: string;
  /** Its place in the layout; `figure` ones are aligned to the right. */
  part: string;
  cell: (row: LeaderboardRow, curves: EquityCurves) => ComponentChildren;
}

const none = <span class="missing">–</span>;
const COLUMNS: readonly Column[] = [
  {
    name: "Trend",
    part: "trend",
    cell: ({ model }, curves) => <Sparkline model={model} points={curves.get(model) ?? NO_POINTS} />,
  },
  { name: "Equity", part: "figure equity", cell: ({ equity }) => money(equity) },
  {
    name: "Return",
    part: "figure return",
    cell: ({ return_pct }) =>
      return_pct === null ? none : <Change value={return_pct} format={percentSize} />,
  },
  {
    name: "Drawdown",
    part: "figure drawdown",
    cell: ({ max_drawdown_pct }) => (max_drawdown_pct === null ? none : share(max_drawdown_pct)),
  },
  {
    name: "Win rate",
    part: "figure wins",
    cell: ({ win_rate }) => (win_rate === null ? none : share(win_rate)),
  },
  { name: "Trades", part: "figure trades-made", cell: ({ trades }) => trades.toLocaleString("en-US") },
  {
    name: "Realized",
    part: "figure realized",
    cell: ({ realized_pnl }) => <Change value={realized_pnl} />,
  },
  { name: "Fees", part: "figure fees", cell: ({ fees }) => money(fees) },
  {
    name: "Sharpe",
    part: "figure sharpe",
    cell: ({ sharpe }) =>
      sharpe === null ? none : signed(sharpe, (value) => RATIO.format(value).replace("-", "−")),
  },
  { name: "Ledger", part: "figure ledger", cell: ({ ledger_equity }) => money(ledger_equity) },
  {
    name: "Reported",
    part: "figure reported",
    cell: ({ reported_equity }) => (reported_equity === null ? none : money(reported_equity)),
  },
  { name: "Divergence", part: "figure divergence", cell: (row) => <Divergence row={row} /> },
  {
    name: "Last trade",
    part: "figure last",
    cell: ({ last_trade_at }) => (last_trade_at === null ? none : <Moment at={last_trade_at} />),
  },
];

/** Every model with its rank and its record. */
export function LeaderboardTable({
  rows,
  curves,
}: {
  rows: readonly LeaderboardRow[];
  curves: EquityCurves;
}) {
  return (
    <section class="panel ranking" aria-label="Ranking" {...SCROLLS}>
      <table class="sheet">
        <thead>
          <tr>
            <th scope="col" class="figure rank">
              #
            </th>
            <th scope="col" class="who">
              Model
            </th>
            {COLUMNS.map(({ name, part }) => (
              <th key={name} scope="col" class={part}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.model} data-model={row.model}>
              <td class="figure rank">{row.rank}</td>
              <th scope="row" class="who">
                <a href={`/portfolio?model=${encodeURIComponent(row.model)}`}>
                  <ModelName model={row.model} />
                </a>
              </th>
              {COLUMNS.map(({ name, part, cell }) => (
                <td key={name} class={part} data-name={name}>
                  {cell(row, curves)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A claim that the trades do not bear out is marked with a word and not only with its size. */
function Divergence({ row }: { row: LeaderboardRow }) {
  const divergence = divergenceOf(row);
  if (divergence === undefined) return none;
  return (
    <>
      {divergence.isLarge && (
        <span class="tag warn" title="Reported equity is more than 1 % away from what the trades add up to">
          check
        </span>
      )}
      {signed(divergence.amount)}
    </>
  );
}
