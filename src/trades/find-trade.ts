import { notFound } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { TRADE_COLUMNS, type TradeColumns } from "./trade-text.ts";

const BY_IDS: Statement = {
  name: "trades-by-ids",
  text: `SELECT ${TRADE_COLUMNS} FROM trades WHERE id = ANY($1::text[])`,
};
const BY_KEY: Statement = {
  name: "trade-by-key",
  text: `SELECT ${TRADE_COLUMNS} FROM trades WHERE id =
    (SELECT trade_id FROM idempotency_keys WHERE kind = 'trade' AND scope = $1 AND key = $2)`,
};

/** @throws AppError 404 */
export async function findTrade(database: Database, id: string): Promise<TradeColumns> {
  const trade = (await findTrades(database, [id])).get(id);
  if (trade === undefined) throw notFound(`There is no trade with the id ${id.slice(0, 100)}.`);
  return trade;
}

export async function findTrades(database: Database, ids: string[]): Promise<Map<string, TradeColumns>> {
  const rows = await database.run<TradeColumns>(BY_IDS, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The trade that was first written with this Idempotency-Key of this model. */
export async function findTradeByKey(
  database: Database,
  model: string,
  key: string,
): Promise<TradeColumns | undefined> {
  return (await database.run<TradeColumns>(BY_KEY, [model, key]))[0];
}
