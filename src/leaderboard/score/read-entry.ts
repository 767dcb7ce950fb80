import { parse } from "lossless-json";
import { canonicalDecimal } from "../../contracts/decimal.ts";
import type { Position } from "../../contracts/portfolio.ts";
import type { TapeEntry } from "../../contracts/tape.ts";
import { TO_PRODUCTS, toUnits, type Units } from "../../contracts/units.ts";
import type { ClosedTrade } from "./trade-sums.ts";

/** What counts of a trade on the tape. */
export interface TradeFacts {
  /** Unix milliseconds: when it was made, and when it was closed; of an open one both are the first. */
  timestamp: number;
  time: number;
  /** Null where it is open. */
  closed: ClosedTrade | null;
}

const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const MOMENT = `null|"[^"]+"`;
/** A trade's text as this service writes it: reading it so costs a tenth of parsing it. */
const TRADE = new RegExp(
  `^\\{"id":(?<id>${TEXT}),"model":${TEXT},"symbol":${TEXT},"side":"(?<side>buy|sell)","qty":(?<qty>${NUMBER}),` +
    `"price":(?<price>${NUMBER}),"pnl":(?<pnl>${NUMBER}),"status":"(?<status>open|closed)",` +
    `"timestamp":(?<timestamp>"[^"]+"),"exit_price":(?<exit_price>null|${NUMBER}),"fee":(?<fee>${NUMBER}),` +
    `"leverage":${NUMBER},"opened_at":(?<opened_at>${MOMENT}),"closed_at":(?<closed_at>${MOMENT}),`,
);
const BALANCE = new RegExp(`^\\{"model":${TEXT},"balance":(${NUMBER}),`);

/** @throws Error where the entry is not a trade's record. */
export function readTrade({ body }: Pick<TapeEntry, "body">): TradeFacts {
  const found = TRADE.exec(body)?.groups;
  if (found === undefined) return factsOf(parse(body) as Record<string, unknown>);
  const quoted = (name: string) => (found[name] === "null" ? null : (found[name] as string).slice(1, -1));
  return factsOf({
    ...found,
    id: JSON.parse(found.id as string),
    exit_price: found.exit_price === "null" ? null : found.exit_price,
    timestamp: quoted("timestamp"),
    opened_at: quoted("opened_at"),
    closed_at: quoted("closed_at"),
  });
}

/** The reported balance. @throws Error where the entry is not a portfolio's record. */
export function readBalance(entry: Pick<TapeEntry, "body">): Units {
  const text = BALANCE.exec(entry.body)?.[1] ?? String((parse(entry.body) as { balance: unknown }).balance);
  return unitsOf(text);
}

const START = new RegExp(`,"starting_balance":(${NUMBER})\\}$`);
const LAST_UPDATE = /"last_update"\s?:\s?"([^"]+)"/;

/** What a model's first report says that its returns are counted from; undefined where it says nothing. */
export function readStart({ body }: Pick<TapeEntry, "body">): Units | undefined {
  const text = START.exec(body)?.[1];
  return text === undefined ? undefined : unitsOf(text);
}

/** As of when a report is, Unix milliseconds. In a text of JSON no string holds the name with its quotes. */
export function readLastUpdate({ body }: Pick<TapeEntry, "body">): number {
  return Date.parse(LAST_UPDATE.exec(body)?.[1] ?? "");
}

/** A report's balance and positions; decimals are exact text. */
export interface Holdings {
  balance: string;
  positions: Position[];
}

export function readHoldings(body: string): Holdings {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  const report = parse(body) as { balance: unknown; positions: Record<keyof Position, unknown>[] };
  const positions = report.positions.map(({ symbol, qty, avg_price, pnl }) => ({
    symbol: String(symbol),
    qty: String(qty),
    avg_price: String(avg_price),
    pnl: text(pnl),
  }));
  return { balance: String(report.balance), positions };
}

/** @param trade its fields, decimals as text or as lossless-json has them. */
function factsOf(trade: Record<string, unknown>): TradeFacts {
  const { id, side, status, timestamp, opened_at, closed_at } = trade;
  const made = momentOf(timestamp);
  if (status !== "closed") return { timestamp: made, time: made, closed: null };
  const closedAt = closed_at == null ? null : momentOf(closed_at);
  const time = closedAt ?? made;
  const isLong = side === "buy";
  const [qty, price] = [unitsOf(trade.qty), unitsOf(trade.price)];
  const [pnl, fee] = [unitsOf(trade.pnl), unitsOf(trade.fee)];
  const won = trade.exit_price == null ? null : (unitsOf(trade.exit_price) - price) * qty;
  const closed: ClosedTrade = {
    id: String(id),
    time,
    isLong,
    pnl,
    fee,
    notional: price * qty,
    gross: won === null ? (pnl + fee) * TO_PRODUCTS : isLong ? won : -won,
    heldMs: closedAt === null || opened_at == null ? null : BigInt(closedAt - momentOf(opened_at)),
  };
  return { timestamp: made, time, closed };
}

function momentOf(value: unknown): number {
  const time = Date.parse(String(value));
  if (Number.isNaN(time)) throw new Error("a trade on the tape has no readable time");
  return time;
}

function unitsOf(value: unknown): Units {
  const decimal = canonicalDecimal(String(value));
  if (decimal === undefined) throw new Error("a record on the tape holds a number that is no decimal");
  return toUnits(decimal);
}
