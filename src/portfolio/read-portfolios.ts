import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";
import type { Position } from "../contracts/portfolio.ts";
import { notFound } from "../platform/errors.ts";
import type { Statement } from "../platform/postgres/database.ts";
import type { PortfolioContext } from "./context.ts";
import { valuate } from "./valuation.ts";

const REPORTED = `SELECT json_agg(json_build_object('seq', seq, 'model', model, 'balance', balance, 'positions', positions,
  'last_update', to_char(last_update AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY model)::text AS text
  FROM portfolios`;
const ALL: Statement = { name: "portfolios", text: REPORTED };
const ONE: Statement = { name: "portfolio", text: `${REPORTED} WHERE model = $1` };

/** A portfolio as reported; decimals are exact text. */
interface Reported {
  seq: number;
  model: string;
  balance: string;
  positions: Position[];
  last_update: string;
}

/** One model's portfolio, valued with live prices, as JSON text. @throws AppError 404 */
export async function readPortfolio(context: PortfolioContext, model: string): Promise<string> {
  const text = await context.answers.get("portfolios", JSON.stringify({ model }), () =>
    load(context, ONE, [model]),
  );
  const [portfolio] = parseReported(text);
  if (portfolio === undefined) throw notFound("This model has reported no portfolio.");
  return valuedText(context, portfolio);
}

/** All portfolios, by model, valued with live prices, as JSON texts. */
export async function readPortfolios(context: PortfolioContext): Promise<string[]> {
  const text = await context.answers.get("portfolios", "{}", () => load(context, ALL, []));
  return parseReported(text).map((portfolio) => valuedText(context, portfolio));
}

async function load(
  { database }: PortfolioContext,
  statement: Statement,
  values: unknown[],
): Promise<string> {
  const [row] = await database.run<{ text: string | null }>(statement, values);
  return row?.text ?? "[]";
}

function parseReported(text: string): Reported[] {
  // Numbers stay text: a double would round them before they are valued.
  return parse(text, (_, value) => (isLosslessNumber(value) ? value.toString() : value)) as Reported[];
}

function valuedText({ prices }: PortfolioContext, portfolio: Reported): string {
  const { equity, unrealized_pnl, priced_at, stale } = valuate(
    portfolio.balance,
    portfolio.positions,
    prices,
  );
  const number = (text: string) => new LosslessNumber(text);
  return stringify({
    seq: Number(portfolio.seq),
    model: portfolio.model,
    balance: number(portfolio.balance),
    positions: portfolio.positions.map(({ symbol, qty, avg_price, pnl }) => ({
      symbol,
      qty: number(qty),
      avg_price: number(avg_price),
      pnl: pnl === null ? null : number(pnl),
    })),
    last_update: portfolio.last_update,
    equity: number(equity),
    unrealized_pnl: number(unrealized_pnl),
    priced_at,
    stale,
  }) as string;
}
