import { Decimal } from "decimal.js";
import type { Database } from "../../src/platform/postgres/database.ts";

const Wide = Decimal.clone({ precision: 100, toExpNeg: -1e9, toExpPos: 1e9 });
const DAY_MS = 86_400_000;

const TRADES = {
  name: "naive-trades",
  text: `SELECT id, model, pnl::text, fee::text, status, "timestamp", closed_at FROM trades WHERE model LIKE $1`,
};
const PORTFOLIOS = {
  name: "naive-portfolios",
  text: "SELECT model, starting_balance::text, balance::text FROM portfolios WHERE model LIKE $1",
};

const POINTS = {
  name: "naive-points",
  text: "SELECT model, equity::text FROM portfolio_points WHERE model LIKE $1 ORDER BY at, seq",
};

/** What a row must say, worked out from the tables without anything kept. Without prices. */
export interface NaiveRow {
  model: string;
  equity: string;
  ledger_equity: string;
  reported_equity: string | null;
  divergence: string | null;
  return_pct: string | null;
  realized_pnl: string;
  fees: string;
  trades: number;
  win_rate: string | null;
  max_drawdown_pct: string | null;
  sharpe: Decimal | null;
  last_trade_at: string | null;
}

interface Trade {
  id: string;
  pnl: string;
  fee: string;
  status: "open" | "closed";
  timestamp: Date;
  closed_at: Date | null;
}

/** The rows of all models whose name begins so, by return, equity and name. */
export async function naiveBoard(database: Database, prefix: string): Promise<NaiveRow[]> {
  const like = `${prefix}%`;
  const trades = await database.run<Trade & { model: string }>(TRADES, [like]);
  const portfolios = await database.run<{ model: string; starting_balance: string; balance: string }>(
    PORTFOLIOS,
    [like],
  );
  const points = await database.run<{ model: string; equity: string }>(POINTS, [like]);
  const models = new Set([...trades, ...portfolios].map(({ model }) => model));
  const rows = [...models].map((model) =>
    naiveRow(
      model,
      trades.filter((trade) => trade.model === model),
      portfolios.find((portfolio) => portfolio.model === model),
      points.filter((point) => point.model === model).map(({ equity }) => new Wide(equity)),
    ),
  );
  const byReturn = (a: NaiveRow, b: NaiveRow) =>
    new Wide(b.return_pct ?? "-Infinity").cmp(a.return_pct ?? "-Infinity");
  return rows.sort(
    (a, b) => byReturn(a, b) || new Wide(b.equity).cmp(a.equity) || (a.model < b.model ? -1 : 1),
  );
}

function naiveRow(
  model: string,
  trades: Trade[],
  portfolio: { starting_balance: string; balance: string } | undefined,
  reported: Decimal[],
): NaiveRow {
  const timeOf = (trade: Trade) => (trade.closed_at ?? trade.timestamp).getTime();
  const closed = trades
    .filter(({ status }) => status === "closed")
    .sort((a, b) => timeOf(a) - timeOf(b) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  const start = new Wide(portfolio?.starting_balance ?? 10_000);
  const path = [start];
  for (const { pnl } of closed) path.push((path.at(-1) as Decimal).plus(pnl));
  const ledger = path.at(-1) as Decimal;
  const equity = portfolio === undefined ? ledger : new Wide(portfolio.balance);
  const times = trades.flatMap((trade) => [
    trade.timestamp.getTime(),
    trade.status === "closed" ? timeOf(trade) : trade.timestamp.getTime(),
  ]);
  return {
    model,
    equity: equity.toString(),
    ledger_equity: ledger.toString(),
    reported_equity: portfolio === undefined ? null : equity.toString(),
    divergence: portfolio === undefined ? null : equity.minus(ledger).toString(),
    return_pct: percent(equity.minus(start), start),
    realized_pnl: sum(closed.map(({ pnl }) => pnl)),
    fees: sum(closed.map(({ fee }) => fee)),
    trades: closed.length,
    win_rate: percent(closed.filter(({ pnl }) => new Wide(pnl).gt(0)).length, closed.length),
    max_drawdown_pct: deeper(naiveDrawdown(path), naiveDrawdown([start, ...reported])),
    sharpe: naiveSharpe(
      start,
      closed.map((trade) => ({ day: Math.floor(timeOf(trade) / DAY_MS), pnl: trade.pnl })),
    ),
    last_trade_at: times.length === 0 ? null : new Date(Math.max(...times)).toISOString(),
  };
}

function naiveDrawdown(path: Decimal[]): string | null {
  let deepest: Decimal | undefined;
  path.forEach((bottom, index) => {
    const top = Wide.max(...path.slice(0, index + 1));
    if (top.lte(0)) return;
    const fall = top.minus(bottom).times(100).div(top);
    if (deepest === undefined || fall.gt(deepest)) deepest = fall;
  });
  return deepest === undefined ? null : rounded(deepest);
}

const deeper = (a: string | null, b: string | null) =>
  a === null || b === null ? (a ?? b) : Wide.max(a, b).toString();

function naiveSharpe(start: Decimal, trades: { day: number; pnl: string }[]): Decimal | null {
  const days = trades.map(({ day }) => day);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  if (trades.length === 0 || first === last) return null;
  const returns: Decimal[] = [];
  let open = start;
  for (let day = first; day <= last; day++) {
    const pnls = trades.filter((trade) => trade.day === day).map(({ pnl }) => pnl);
    if (pnls.length > 0 && open.lte(0)) return null;
    const close = open.plus(sum(pnls));
    returns.push(pnls.length === 0 ? new Wide(0) : close.minus(open).div(open));
    open = close;
  }
  const mean = returns.reduce((total, value) => total.plus(value)).div(returns.length);
  const squares = returns.map((value) => value.minus(mean).pow(2));
  const deviation = squares
    .reduce((total, value) => total.plus(value))
    .div(returns.length - 1)
    .sqrt();
  // The naive mean of equal returns is off by its own rounding.
  return deviation.lt(1e-40) ? null : mean.div(deviation).times(new Wide(365).sqrt());
}

const sum = (values: string[]) => values.reduce((total, value) => total.plus(value), new Wide(0)).toString();
const rounded = (value: Decimal) => value.toSignificantDigits(20).toString();
const percent = (a: Decimal.Value, b: Decimal.Value) =>
  new Wide(b).isZero() ? null : rounded(new Wide(a).times(100).div(b));
