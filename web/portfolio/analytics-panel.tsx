import type { ComponentChildren } from "preact";
import { Change } from "../board/figures.tsx";
import { money, share } from "../board/format.ts";
import type { Trouble } from "../board/rest.ts";
import type { Analytics } from "../client/index.ts";

const RATIO = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const COUNT = new Intl.NumberFormat("en-US");

type Format = (value: number) => ComponentChildren;
const change: Format = (value) => <Change value={value} />;
const ratio: Format = (value) => RATIO.format(value).replace("-", "−");
const count: Format = (value) => COUNT.format(value);

const FACTS: readonly [keyof Analytics, string, Format][] = [
  ["trades", "Closed trades", count],
  ["win_rate", "Win rate", share],
  ["realized_pnl", "Realized P&L", change],
  ["gross_pnl", "Gross P&L", change],
  ["fees", "Fees", money],
  ["profit_factor", "Profit factor", ratio],
  ["avg_pnl", "Average P&L", change],
  ["avg_win", "Average win", change],
  ["avg_loss", "Average loss", change],
  ["biggest_gain", "Biggest gain", change],
  ["biggest_loss", "Biggest loss", change],
  ["sharpe", "Sharpe", ratio],
  ["max_drawdown_pct", "Max drawdown", share],
  ["avg_notional", "Average value", money],
  ["median_notional", "Median value", money],
  ["avg_holding_minutes", "Average holding", duration],
  ["median_holding_minutes", "Median holding", duration],
  ["long_trades", "Long", count],
  ["short_trades", "Short", count],
];

/** What a model's closed trades add up to. */
export function AnalyticsPanel({
  analytics,
  trouble,
}: {
  analytics: Analytics | undefined;
  trouble: Trouble | undefined;
}) {
  return (
    <section class="panel analytics" aria-labelledby="analytics">
      <h2 id="analytics">Analytics</h2>
      {analytics === undefined && trouble !== undefined && <p class="flat">{trouble.sentence}</p>}
      <dl>
        {FACTS.map(([key, name, format]) => {
          const value = analytics?.[key];
          return (
            <div key={key} class="fact">
              <dt>{name}</dt>
              <dd class="figure">{typeof value === "number" ? format(value) : "–"}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

/** @param minutes shown in the two units that matter: 45 min, 3 h 20 min, 2 d 4 h. */
function duration(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 60) return `${minutes < 10 ? RATIO.format(minutes) : whole} min`;
  const hours = Math.floor(whole / 60);
  return hours < 48 ? `${hours} h ${whole % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
