import type { NewTrade } from "../contracts/trades.ts";
import { conflict, type ErrorDetail } from "../platform/errors.ts";
import type { Writer } from "../platform/http/write-guard.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { keyScope } from "../tape/index.ts";
import { findTrades } from "./find-trade.ts";
import { isSameTrade, type TradeColumns } from "./trade-text.ts";

/** What is kept under a bulk request's key for each of its models: which of the request's rows are that model's. */
interface Share {
  /** How many rows the whole request has. */
  rows: number;
  at: number[];
  /** The ids of the trades that those rows are. */
  ids: string[];
}

const FIND: Statement = {
  name: "bulk-request-by-key",
  text: `
    SELECT k.body FROM unnest($1::text[]) AS wanted(scope)
    JOIN idempotency_keys k ON k.kind = 'trade' AND k.scope = wanted.scope AND k.key = $2`,
};
const REMEMBER: Statement = {
  name: "remember-bulk-request",
  text: `
    INSERT INTO idempotency_keys (kind, scope, key, seq, body)
    SELECT 'trade', q.scope, q.key, $2::bigint, q.body
    FROM json_to_recordset($1::json) AS q(scope text, key text, body json)
    ON CONFLICT DO NOTHING`,
};

// A line break, which no key that is sent can hold, keeps bulk requests apart from single trades.
const stored = (key: string) => `${key}\n`;

/** A bulk request's keys: as the tape's statement takes them, and the locks that keep two such requests apart. */
interface RequestKeys {
  text: string;
  locks: string[];
}

/**
 * One key a model, as the key of a single trade is its model's: whoever sends another list with the same key meets them
 * as long as the lists have a model in common.
 * @param trades of the whole request, each with its id.
 */
export function requestKeys(trades: readonly NewTrade[], key: string, writer?: Writer): RequestKeys {
  const shares = new Map<string, Share>();
  for (const [row, { model, id }] of trades.entries()) {
    const share = shares.get(model) ?? { rows: trades.length, at: [], ids: [] };
    shares.set(model, share);
    share.at.push(row);
    share.ids.push(id as string);
  }
  return {
    text: JSON.stringify(
      [...shares].map(([model, body]) => ({ scope: keyScope(model, writer), key: stored(key), body })),
    ),
    locks: [...shares.keys()].map((model) => `key ${stored(key)} ${keyScope(model, writer)}`),
  };
}

/** Remembers a request all of whose trades were there already, so that nothing was written that could carry its keys. */
export async function rememberRequest(database: Database, keys: string, seq: number): Promise<void> {
  await database.run(REMEMBER, [keys, seq]);
}

/**
 * The trades of the request that was first sent with this key.
 * @returns undefined where there is none.
 * @throws AppError 409 where it had other content: other trades, more or fewer of them, or another order.
 */
export async function findRequest(
  database: Database,
  sent: readonly NewTrade[],
  key: string,
  writer?: Writer,
): Promise<TradeColumns[] | undefined> {
  const scopes = [...new Set(sent.map(({ model }) => keyScope(model, writer)))];
  const found = await database.run<{ body: Share }>(FIND, [scopes, stored(key)]);
  if (found.length === 0) return undefined;
  const ids: string[] = [];
  for (const { body } of found) {
    if (body.rows !== sent.length) throw otherRequest([]);
    for (const [n, row] of body.at.entries()) ids[row] = body.ids[n] as string;
  }
  const trades = await findTrades(database, Object.values(ids));
  const different: ErrorDetail[] = [];
  const first = sent.flatMap((trade, row) => {
    const before = trades.get(ids[row] ?? "");
    if (before !== undefined && isSameTrade(trade, before)) return before;
    different.push({
      path: `trades.${row}`,
      message: "was sent with this Idempotency-Key before, with other content",
    });
    return [];
  });
  if (different.length > 0) throw otherRequest(different);
  return first;
}

const otherRequest = (details: ErrorDetail[]) =>
  conflict(
    "A request with this Idempotency-Key is there already, with other content: the key stands for all of its trades, in their order. Nothing was written.",
    details,
  );
