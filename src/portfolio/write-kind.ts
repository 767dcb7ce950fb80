import { DEFAULT_STARTING_BALANCE } from "../contracts/portfolio.ts";
import {
  ANSWER,
  freshAndHead,
  isKeyThere,
  isThere,
  itemsFrom,
  rememberKeys,
  statementsOf,
  type WriteKind,
} from "../tape/index.ts";
import type { PriceBook } from "./valuation.ts";

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

const FIELDS_TEXT = `'{"model":' || to_json(p.model) || ',"balance":' || p.balance || ',"positions":' || p.positions ||
   ',"last_update":"' || to_char(p.last_update AT TIME ZONE 'UTC', ${ISO}) || '"'`;

/** SQL of a portfolio's JSON text without its seq, out of the row `p`. */
export const PORTFOLIO_TEXT = `(${FIELDS_TEXT} || '}')`;

/** Of a model's first report: it also says what the model's returns are counted from. */
const REPORT_TEXT = `(${FIELDS_TEXT} || coalesce(',"starting_balance":' || p.first_start, '') || '}')`;

const IS_OLDER = "f.last_update < p.last_update";

/**
 * A portfolio report. What it leaves out is taken from the row as it is when the head's lock is held, so two instances
 * cannot overwrite each other's fields; so the record's text is made here and not by the caller. A report that is older
 * than what stands there replaces nothing, and is recorded as it was reported; one that does not say of when it is comes
 * after whatever was committed before it, whose clock said what it may.
 */
export function portfolioWrite(prices: PriceBook): WriteKind {
  return {
    kind: "portfolio",
    parameters: () => [
      JSON.stringify(Object.fromEntries(prices.all().map((quote) => [quote.symbol, quote.price]))),
    ],
    ...statementsOf(
      "append-portfolios",
      (guard) => `
  WITH item AS MATERIALIZED (
    SELECT r.*,
      CASE WHEN r.key IS NOT NULL THEN ${isKeyThere("portfolio")} ELSE false END AS known,
      ${guard.isStrange} AS strange
    FROM ${itemsFrom(
      {
        model: "text",
        balance: "numeric",
        positions: "json",
        last_update: "timestamptz",
        starting_balance: "numeric",
      },
      guard,
    )}
  ),
  ${freshAndHead("portfolios")},
  changed AS (
    UPDATE portfolios p
    SET seq = CASE WHEN ${IS_OLDER} THEN p.seq ELSE head.base + f.rn END,
        balance = CASE WHEN ${IS_OLDER} THEN p.balance ELSE coalesce(f.balance, p.balance) END,
        positions = CASE WHEN ${IS_OLDER} THEN p.positions ELSE coalesce(f.positions, p.positions) END,
        last_update = greatest(coalesce(f.last_update, $2::timestamptz), p.last_update)
    FROM fresh f, head WHERE p.model = f.model
    RETURNING p.model, head.base + f.rn AS seq, coalesce(f.balance, p.balance) AS balance,
              coalesce(f.positions, p.positions) AS positions, coalesce(f.last_update, p.last_update) AS last_update,
              NULL::numeric AS first_start
  ),
  created AS (
    INSERT INTO portfolios (model, seq, starting_balance, balance, positions, last_update)
    SELECT f.model, head.base + f.rn,
           coalesce(f.starting_balance,
                    CASE WHEN ${isThere("trades", "known_row.model = f.model LIMIT 1")} THEN ${DEFAULT_STARTING_BALANCE} END,
                    f.balance, ${DEFAULT_STARTING_BALANCE}),
           coalesce(f.balance, ${DEFAULT_STARTING_BALANCE}), coalesce(f.positions, '[]'), coalesce(f.last_update, $2::timestamptz)
    FROM fresh f, head WHERE NOT EXISTS (SELECT 1 FROM portfolios p WHERE p.model = f.model)
    RETURNING model, seq, balance, positions, last_update, starting_balance AS first_start
  ),
  record AS MATERIALIZED (
    SELECT f.n, f.rn, f.key, f.scope, p.*,
      ${REPORT_TEXT}::json AS body
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
  ${rememberKeys("portfolio", { body: "f.body", from: "record" })}${guard.claims}
  ${ANSWER}${guard.answer},
         (SELECT array_agg(body::text ORDER BY n) FROM record) AS bodies`,
    ),
  };
}
