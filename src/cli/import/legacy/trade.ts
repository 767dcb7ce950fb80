import { type Fields, first, isThere, mender, present } from "./fields.ts";
import { plainId, plainName, plainWord } from "./names.ts";
import { plainTime } from "./times.ts";

/** Sides and states as old writers spelled them. */
export const SIDES = { buy: "buy", long: "buy", sell: "sell", short: "sell" };
const STATES = { open: "open", opened: "open", closed: "closed", close: "closed" };

/** What we read or what the row says about itself in the old store only. */
const KNOWN = new Set(
  "id model symbol coin side qty quantity price priceEntry pnl profitLoss priceExit exit_price status timestamp createdAt updatedAt fee leverage note".split(
    " ",
  ),
);
const META_BYTES = 4000;

/**
 * A trade of either old store as `newTrade` takes it, not yet checked. Redis had `qty`, `price`, `pnl`; Prisma had
 * `quantity`, `priceEntry`, `priceExit`, `profitLoss` and, once, `coin`. Fields that we do not know go into `meta`.
 */
export function legacyTrade(fields: Fields): { record: Record<string, unknown>; repairs: string[] } {
  const { repairs, mend } = mender();
  const mended = (name: string, mending: (value: unknown) => unknown, ...names: string[]) => {
    const value = first(fields, ...names);
    return value === undefined ? undefined : mend(name, value, mending(value));
  };
  const exitPrice = first(fields, "priceExit", "exit_price");
  const time = mended("timestamp", plainTime, "timestamp", "createdAt");
  if (time === undefined) repairs.push("timestamp was missing: recorded as of the import");
  const record = present({
    id: mended("id", plainId, "id"),
    model: mended("model", plainName, "model"),
    symbol: mended("symbol", plainSymbol, "symbol", "coin"),
    side: mended("side", (value) => plainWord(value, SIDES), "side"),
    qty: first(fields, "qty", "quantity"),
    price: first(fields, "price", "priceEntry"),
    pnl: first(fields, "pnl", "profitLoss"),
    status: mended("status", (value) => plainWord(value, STATES), "status"),
    timestamp: time,
    // No exchange fills at 0: it stood for "not yet".
    exit_price: Number(exitPrice) === 0 ? mend("exit_price", exitPrice, undefined) : exitPrice,
    fee: first(fields, "fee"),
    leverage: first(fields, "leverage"),
    meta: otherFields(fields, repairs),
  });
  // A note may say nothing, and that is something else than none.
  const { note } = fields;
  if (note !== undefined && note !== null) record.note = note;
  return { record, repairs };
}

/** Upper case, as it was meant. */
export function plainSymbol(value: unknown): unknown {
  const name = plainName(value);
  return typeof name === "string" ? name.toUpperCase() : name;
}

function otherFields(fields: Fields, repairs: string[]): Record<string, unknown> | undefined {
  let others: Record<string, unknown> | undefined;
  for (const name in fields) {
    if (KNOWN.has(name) || !isThere(fields[name])) continue;
    others ??= {};
    others[name] = fields[name];
  }
  if (others === undefined) return undefined;
  if (Buffer.byteLength(JSON.stringify(others)) <= META_BYTES) return others;
  repairs.push("fields that are not known here were too large to keep");
  return undefined;
}
