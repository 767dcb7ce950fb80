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

const FIELDS = {
  id: "text",
  model: "text",
  symbol: "text",
  side: "text",
  qty: "numeric",
  price: "numeric",
  pnl: "numeric",
  status: "text",
  timestamp: "timestamptz",
  exit_price: "numeric",
  fee: "numeric",
  leverage: "numeric",
  opened_at: "timestamptz",
  closed_at: "timestamptz",
  note: "text",
  meta: "json",
  created_at: "timestamptz",
};

const CLOSE_FIELDS = {
  id: "text",
  pnl: "numeric",
  exit_price: "numeric",
  fee: "numeric",
  closed_at: "timestamptz",
  model: "text",
  symbol: "text",
};

/** Whether one of a bulk request's keys was used before: looked up one by one, as `isThere` says why. */
const IS_REQUEST_THERE = `coalesce((
  SELECT bool_or(${isThere("idempotency_keys", "known_row.kind = 'trade' AND known_row.scope = q.scope AND known_row.key = q.key")})
  FROM json_to_recordset(r.group_keys) AS q(scope text, key text)), false)`;

/** A new trade. An item whose group has a key that was used before counts as known, as one with a known id does. */
export const TRADE_WRITE: WriteKind = {
  kind: "trade",
  ...statementsOf(
    "append-trades",
    (guard) => `
  WITH item AS MATERIALIZED (
    SELECT r.*,
      CASE WHEN r.group_keys IS NOT NULL THEN ${IS_REQUEST_THERE} ELSE false END OR
      CASE WHEN r.given THEN ${isThere("trades", "known_row.id = r.id")}
           WHEN r.key IS NOT NULL THEN ${isKeyThere("trade")}
           ELSE false END AS known,
      ${guard.isStrange} AS strange
    FROM ${itemsFrom(FIELDS, guard)}
  ),
  ${freshAndHead("trades")},
  ${rememberKeys("trade", { tradeId: "f.id" })},
  request_keys AS (
    INSERT INTO idempotency_keys (kind, scope, key, seq, body)
    SELECT 'trade', q.scope, q.key, head.base + f.rn, q.body
    FROM fresh f, head, json_to_recordset(f.group_keys) AS q(scope text, key text, body json)
    WHERE f.group_keys IS NOT NULL
  ),
  trade AS (
    INSERT INTO trades (id, seq, model, symbol, side, qty, price, pnl, status, "timestamp", exit_price, fee, leverage,
                        opened_at, closed_at, note, meta, created_at)
    SELECT f.id, head.base + f.rn, f.model, f.symbol, f.side, f.qty, f.price, f.pnl, f.status, f."timestamp",
           f.exit_price, f.fee, f.leverage, f.opened_at, f.closed_at, f.note,
           CASE WHEN json_typeof(f.meta) = 'null' THEN NULL ELSE f.meta END, f.created_at
    FROM fresh f, head
  ),
  entry AS (
    INSERT INTO tape (seq, kind, model, symbol, at, data)
    SELECT head.base + f.rn, 'trade', f.model, f.symbol, $2::timestamptz, f.body FROM fresh f, head
  )${guard.claims}
  ${ANSWER}${guard.answer}`,
  ),
};

/**
 * The close of an open trade; the item's body is the trade as it is afterwards. An item whose trade is not open counts
 * as known. The rows are locked before the head, in id order, so a close on another instance is waited for, not lost.
 */
export const TRADE_CLOSE: WriteKind = {
  kind: "trade_close",
  ...statementsOf(
    "append-trade-closes",
    (guard) => `
  WITH sent AS MATERIALIZED (
    SELECT * FROM ${itemsFrom(CLOSE_FIELDS, guard)}
  ),
  open AS MATERIALIZED (
    SELECT id FROM trades WHERE id IN (SELECT id FROM sent) AND status = 'open' ORDER BY id FOR UPDATE
  ),
  item AS MATERIALIZED (
    SELECT r.*, NOT EXISTS (SELECT 1 FROM open WHERE open.id = r.id) AS known, ${guard.isStrange} AS strange FROM sent r
  ),
  ${freshAndHead("trades")},
  trade AS (
    UPDATE trades t
    SET status = 'closed', seq = head.base + f.rn, exit_price = f.exit_price, pnl = f.pnl, fee = f.fee,
        closed_at = f.closed_at,
        before_close = json_build_object('status', t.status, 'exit_price', t.exit_price::text, 'pnl', t.pnl::text,
          'fee', t.fee::text,
          'closed_at', to_char(t.closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    FROM fresh f, head WHERE t.id = f.id
  ),
  entry AS (
    INSERT INTO tape (seq, kind, model, symbol, at, data)
    SELECT head.base + f.rn, 'trade_close', f.model, f.symbol, $2::timestamptz, f.body FROM fresh f, head
  )${guard.claims}
  ${ANSWER}${guard.answer}`,
  ),
};
