import { DEFAULT_STARTING_BALANCE } from "../contracts/portfolio.ts";
import { ANSWER, freshAndHead, isKeyThere, itemsFrom, rememberKeys, type WriteKind } from "../tape/index.ts";
import type { PriceBook } from "./valuation.ts";

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/** SQL of a portfolio's JSON text without its seq, out of the row `p`. */
export const PORTFOLIO_TEXT = `
  ('{"model":' || to_json(p.model) || ',"balance":' || p.balance || ',"positions":' || p.positions ||
   ',"last_update":"' || to_char(p.last_update AT TIME ZONE 'UTC', ${ISO}) || '"}')`;

/**
 * A portfolio report. What it leaves out is taken from the row as it is when the head's lock is held, so two instances
 * cannot overwrite each other's fields; so the record's text is made here and not by the caller.
 */
export function portfolioWrite(prices: PriceBook): WriteKind {
  return {
    kind: "portfolio",
    parameters: () => [
      JSON.stringify(Object.fromEntries(prices.all().map((quote) => [quote.symbol, quote.price]))),
    ],
    statement: {
      name: "append-portfolios",
      isUrgent: true,
      text: `
  WITH item AS MATERIALIZED (
    SELECT r.*,
      CASE WHEN r.key IS NOT NULL THEN ${isKeyThere("portfolio")} ELSE false END AS known
    FROM ${itemsFrom({ model: "text", balance: "numeric", positions: "json", last_update: "timestamptz" })}
  ),
  ${freshAndHead("portfolios")},
  changed AS (
    UPDATE portfolios p
    SET seq = head.base + f.rn, balance = coalesce(f.balance, p.balance),
        positions = coalesce(f.positions, p.positions), last_update = f.last_update
    FROM fresh f, head WHERE p.model = f.model
    RETURNING p.*
  ),
  created AS (
    INSERT INTO portfolios (model, seq, starting_balance, balance, positions, last_update)
    SELECT f.model, head.base + f.rn, coalesce(f.balance, ${DEFAULT_STARTING_BALANCE}),
           coalesce(f.balance, ${DEFAULT_STARTING_BALANCE}), coalesce(f.positions, '[]'), f.last_update
    FROM fresh f, head WHERE NOT EXISTS (SELECT 1 FROM portfolios p WHERE p.model = f.model)
    RETURNING *
  ),
  record AS MATERIALIZED (
    SELECT f.n, f.rn, f.key, f.scope, p.*,
      ${PORTFOLIO_TEXT}::json AS body
    FROM (SELECT * FROM changed UNION ALL SELECT * FROM created) p JOIN fresh f ON f.model = p.model
  ),
  point AS (
    INSERT INTO portfolio_points (model, at, seq, balance, equity)
    SELECT r.model, r.last_update, r.seq, r.balance, r.balance + coalesce((
      SELECT sum(q.qty * (($5::json ->> q.symbol)::numeric - q.avg_price))
      FROM json_to_recordset(r.positions) AS q(symbol text, qty numeric, avg_price numeric)
      WHERE $5::json ->> q.symbol IS NOT NULL), 0)
    FROM record r
  ),
  entry AS (
    INSERT INTO tape (seq, kind, model, at, data)
    SELECT r.seq, 'portfolio', r.model, $2::timestamptz, r.body FROM record r
  ),
  ${rememberKeys("portfolio", { body: "f.body", from: "record" })}
  ${ANSWER},
         (SELECT array_agg(body::text ORDER BY n) FROM record) AS bodies`,
    },
  };
}
