import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";
import type { Position } from "../contracts/portfolio.ts";
import { notFound } from "../platform/errors.ts";
import type { Statement } from "../platform/postgres/database.ts";
import type { PortfolioContext } from "./context.ts";
import { valuate } from "./valuation.ts";

/** Where a page of the list ends, however many portfolios it was to hold. */
const PAGE_BYTES = 512 * 1024;

const RECORD = `json_build_object('seq', seq, 'model', model, 'balance', balance, 'positions', positions,
  'last_update', to_char(last_update AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
const ONE: Statement = {
  name: "portfolio",
  text: `SELECT json_build_object('page', coalesce((SELECT json_agg(${RECORD}) FROM portfolios WHERE model = $1), '[]'))::text AS text`,
};
const PAGE: Statement = {
  name: "portfolios",
  text: `
  WITH found AS MATERIALIZED (
    SELECT model, ${RECORD}::text AS record FROM portfolios WHERE model > $1 ORDER BY model LIMIT $2::int + 1
  ),
  kept AS (
    SELECT * FROM (
      SELECT model, record, row_number() OVER (ORDER BY model) AS n,
        sum(octet_length(record)) OVER (ORDER BY model) - octet_length(record) AS before
      FROM found
    ) measured WHERE n <= $2::int AND before < ${PAGE_BYTES}
  )
  SELECT '{"page":[' || coalesce(string_agg(record, ',' ORDER BY n), '') ||
    '],"hasMore":' || ((SELECT count(*) FROM found) > count(*)) || '}' AS text
  FROM kept`,
};

/** A portfolio as reported; decimals are exact text. */
interface Reported {
  seq: number;
  model: string;
  balance: string;
  positions: Position[];
  last_update: string;
}

interface Page {
  page: Reported[];
  hasMore?: boolean;
}

/** One model's portfolio, valued with live prices, as JSON text. @throws AppError 404 */
export async function readPortfolio(context: PortfolioContext, model: string): Promise<string> {
  const { page } = await load(context, ONE, [model]);
  const [portfolio] = page;
  if (portfolio === undefined) throw notFound("This model has reported no portfolio.");
  return valuedText(context, portfolio);
}

/**
 * A page of all portfolios, by model, valued with live prices, as JSON texts.
 * @param after the model after which it begins; "" at the start.
 * @returns also the last model of the page, where others come after it.
 */
export async function readPortfolios(
  context: PortfolioContext,
  after: string,
  limit: number,
): Promise<{ texts: string[]; next: string | undefined }> {
  const { page, hasMore } = await load(context, PAGE, [after, limit]);
  const next = hasMore === true ? page.at(-1)?.model : undefined;
  return { texts: page.map((portfolio) => valuedText(context, portfolio)), next };
}

async function load(
  { database, answers }: PortfolioContext,
  statement: Statement,
  values: unknown[],
): Promise<Page> {
  const text = await answers.get("portfolios", JSON.stringify([statement.name, ...values]), async () => {
    const [row] = await database.run<{ text: string }>(statement, values);
    return row?.text ?? '{"page":[]}';
  });
  // Numbers stay text: a double would round them before they are valued.
  return parse(text, (_, value) => (isLosslessNumber(value) ? value.toString() : value)) as Page;
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
