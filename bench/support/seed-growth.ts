import { query } from "./postgres.ts";

const MODELS = 20;
export const GROWTH_SYMBOLS = ["BTC", "ETH", "SOL", "BNB", "DOGE", "XRP"];
/** It has an open trade among the first thousand. */
export const OPEN_MODEL = "model 0";
/** It trades the last symbol only three times, however many trades there are. */
export const CHOOSY_MODEL = "model 7";
const RARE = 3;

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

// Trades a second apart, all models in turn, so that the only thing that grows is their number. The last symbol is dealt
// to all models but the choosy one, which has it three times in the middle.
const TRADES = `
  INSERT INTO trades (id, seq, model, symbol, side, qty, price, pnl, status, "timestamp", exit_price, fee, leverage,
    opened_at, closed_at, note, created_at)
  SELECT overlay(lpad(to_hex(n), 12, '0') placing '-' from 9 for 0) || '-7' || substr(md5(n::text), 1, 3) || '-8'
      || substr(md5(n::text), 4, 3) || '-' || substr(md5(n::text), 7, 12),
    n, 'model ' || m, CASE WHEN s = 5 AND m = 7 AND abs(n - $1::int / 2) > ${RARE} * ${MODELS} / 2 THEN 'BTC'
      ELSE ($2::text[])[s + 1] END,
    CASE WHEN n % 3 = 0 THEN 'sell' ELSE 'buy' END, trim_scale((n % 50 + 1) / 100.0), 64250.5 + n % 40,
    CASE WHEN is_open THEN 0 ELSE trim_scale((n % 2003 * 7919 % 2001 - 990) / 100.0) END,
    CASE WHEN is_open THEN 'open' ELSE 'closed' END, t, CASE WHEN is_open THEN NULL ELSE 64260.25 + n % 37 END, 0.05,
    1 + n % 10, t - interval '1 hour', CASE WHEN is_open THEN NULL ELSE t END,
    CASE WHEN n % 2 = 0 THEN 'the trend of the last hour, and a stop below it' END, t
  FROM generate_series(1, $1::int) n,
    LATERAL (SELECT n % ${MODELS} AS m, n % 1000 = 500 + n / 1000 % 20 AS is_open, '2026-01-01'::timestamptz + n * interval '1 second' AS t) a,
    LATERAL (SELECT CASE WHEN m = 7 AND abs(n - $1::int / 2) <= ${RARE} * ${MODELS} / 2 THEN 5
      ELSE n / ${MODELS} % ${GROWTH_SYMBOLS.length} END AS s) b`;

const TAPE = `
  INSERT INTO tape (seq, kind, model, symbol, at, data)
  SELECT seq, 'trade', model, symbol, created_at,
    ('{"id":' || to_json(id) || ',"model":' || to_json(model) || ',"symbol":' || to_json(symbol) || ',"side":"' || side ||
     '","qty":' || trim_scale(qty) || ',"price":' || trim_scale(price) || ',"pnl":' || trim_scale(pnl) || ',"status":"' ||
     status || '","timestamp":"' || at || '","exit_price":' || coalesce(trim_scale(exit_price)::text, 'null') ||
     ',"fee":' || trim_scale(fee) || ',"leverage":' || trim_scale(leverage) || ',"opened_at":"' ||
     to_char(opened_at AT TIME ZONE 'UTC', ${ISO}) || '","closed_at":' ||
     CASE WHEN closed_at IS NULL THEN 'null' ELSE '"' || at || '"' END || ',"note":' ||
     coalesce(to_json(note)::text, 'null') || ',"meta":null,"created_at":"' || at || '"}')::json
  FROM trades, LATERAL (SELECT to_char("timestamp" AT TIME ZONE 'UTC', ${ISO}) AS at) a ORDER BY seq`;

/** So many trades of twenty models in six symbols, one in a thousand open, and the tape of them, written by SQL. */
export async function seedGrowth(databaseUrl: string, trades: number): Promise<void> {
  await query(databaseUrl, TRADES, [trades, GROWTH_SYMBOLS]);
  await query(databaseUrl, TAPE);
  await query(databaseUrl, "UPDATE tape_head SET seq = $1::int, trades_seq = $1::int", [trades]);
  await query(databaseUrl, "DELETE FROM scoreboard_checkpoints");
  await query(databaseUrl, "VACUUM ANALYZE trades, tape");
}
