import { parse } from "lossless-json";
import { canonicalDecimal } from "../contracts/decimal.ts";
import type { Position } from "../contracts/portfolio.ts";
import type { TapeEntry } from "../contracts/tape.ts";
import { toUnits, type Units } from "../contracts/units.ts";

/** What counts of a trade on the tape. */
export interface TradeFacts {
  id: string;
  isClosed: boolean;
  /** `closed_at`, or `timestamp` where there is none; Unix milliseconds. */
  time: number;
  /** Unix milliseconds. */
  timestamp: number;
  pnl: Units;
  fee: Units;
}

const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
/** A trade's text as this service writes it: reading it so costs a tenth of parsing it. */
const TRADE = new RegExp(
  `^\\{"id":(${TEXT}),"model":${TEXT},"symbol":${TEXT},"side":${TEXT},"qty":${NUMBER},"price":${NUMBER},` +
    `"pnl":(${NUMBER}),"status":"(open|closed)","timestamp":"([^"]+)","exit_price":(?:null|${NUMBER}),` +
    `"fee":(${NUMBER}),"leverage":${NUMBER},"opened_at":(?:null|"[^"]+"),"closed_at":(?:null|"([^"]+)"),`,
);
const BALANCE = new RegExp(`^\\{"model":${TEXT},"balance":(${NUMBER}),`);

/** @throws Error where the entry is not a trade's record. */
export function readTrade(entry: Pick<TapeEntry, "body">): TradeFacts {
  const found = TRADE.exec(entry.body);
  if (found === null) return parseTrade(entry.body);
  const [, id = "", pnl = "", status, timestamp = "", fee = "", closedAt] = found;
  return factsOf(JSON.parse(id) as string, pnl, status, timestamp, fee, closedAt ?? null);
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

/** A trade's text in any other spelling, as a tape that was written elsewhere may hold it. */
function parseTrade(body: string): TradeFacts {
  const trade = parse(body) as Record<string, unknown>;
  const { id, pnl, status, timestamp, fee, closed_at } = trade;
  return factsOf(
    String(id),
    String(pnl),
    String(status),
    String(timestamp),
    String(fee),
    closed_at === null ? null : String(closed_at),
  );
}

function factsOf(
  id: string,
  pnl: string,
  status: string | undefined,
  timestamp: string,
  fee: string,
  closedAt: string | null,
): TradeFacts {
  const isClosed = status === "closed";
  const made = Date.parse(timestamp);
  const time = isClosed && closedAt !== null ? Date.parse(closedAt) : made;
  if (Number.isNaN(made) || Number.isNaN(time)) throw new Error("a trade on the tape has no readable time");
  return { id, isClosed, time, timestamp: made, pnl: unitsOf(pnl), fee: unitsOf(fee) };
}

function unitsOf(text: string): Units {
  const decimal = canonicalDecimal(text);
  if (decimal === undefined) throw new Error("a record on the tape holds a number that is no decimal");
  return toUnits(decimal);
}
