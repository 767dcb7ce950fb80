import { Decimal } from "decimal.js";
import { parse } from "lossless-json";
import { elementLines } from "./element-lines.ts";
import { decodeUtf8, openFile, unreadable } from "./open-file.ts";
import { NUMBERS_WRITTEN_OUT } from "./repair-decimals.ts";
import { ImportError, type Source, type SourceCommand, type SourceRow } from "./source.ts";

/** The parsed file takes about ten times its size in memory; a season of Alpha Arena is a megabyte. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Our fields and theirs. */
const FIELD_NAMES = {
  model: "model_id",
  qty: "quantity",
  price: "entry_price",
  pnl: "realized_net_pnl",
  fee: "total_commission_dollars",
  opened_at: "entry_time",
  closed_at: "exit_time",
  timestamp: "exit_time",
} as const;
/** Optional in our contract; a closed trade without one of these would be recorded with a default that is wrong. */
const REQUIRED = ["exit_time", "exit_price", "realized_net_pnl"] as const;
const SIDES: Record<string, string> = { long: "buy", short: "sell" };

/** nof1's Alpha Arena: the `trades.json` of its public API, closed trades of perpetual futures. */
export const alphaArena: SourceCommand = {
  command: "alpha-arena",
  argument: "<trades.json>",
  description: "closed trades of nof1's Alpha Arena, as its API answers them",
  open: openAlphaArena,
};

async function openAlphaArena(path: string): Promise<Source> {
  const text = await readText(path);
  const { trades, key } = parseTrades(path, text);
  const lines = elementLines(text, key);
  let read = 0;
  return {
    name: path,
    unit: "line",
    repairs: NUMBERS_WRITTEN_OUT,
    fieldNames: FIELD_NAMES,
    share: () => (trades.length === 0 ? 1 : read / trades.length),
    async *rows() {
      for (const trade of trades) {
        const line = lines[read++] as number;
        yield tradeRow(line, trade);
      }
    },
  };
}

async function readText(path: string): Promise<string> {
  const { handle } = await openFile(path);
  const parts: string[] = [];
  let length = 0;
  try {
    for await (const part of decodeUtf8(path, handle.createReadStream())) {
      length += part.length;
      if (length > MAX_BYTES) {
        throw new ImportError(`${path} cannot be read: it is larger than ${MAX_BYTES / 1024 ** 2} MB.`);
      }
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof ImportError ? error : unreadable(path, error);
  }
  const text = parts.join("");
  if (text.trim() === "") throw new ImportError(`${path} is empty; JSON with trades is expected.`);
  return text;
}

function parseTrades(path: string, text: string): { trades: unknown[]; key?: string } {
  let value: unknown;
  try {
    // Numbers stay the text they are in the file: a double would round them.
    value = parse(text, null, (number) => number);
  } catch (error) {
    const why = error instanceof RangeError ? "it is nested too deeply" : printable((error as Error).message);
    throw new ImportError(`${path} is not valid JSON: ${why}.`);
  }
  if (Array.isArray(value)) return { trades: value };
  if (isObject(value) && Array.isArray(value.trades)) return { trades: value.trades, key: "trades" };
  throw new ImportError(
    `${path} holds no trades: an array of trades is expected, or an object with an array named trades.`,
  );
}

function tradeRow(line: number, theirs: unknown): SourceRow {
  if (!isObject(theirs)) return { place: line, refused: "must be an object" };
  const missing = REQUIRED.find((name) => theirs[name] === undefined || theirs[name] === null);
  if (missing !== undefined)
    return { place: line, refused: `${missing} is required: closed trades are expected` };
  const side = theirs.side ?? theirs.trade_type;
  const closedAt = isoTime(theirs.exit_time);
  const fields = {
    id: theirs.id,
    model: theirs.model_id,
    symbol: theirs.symbol,
    side: SIDES[String(side)] ?? side,
    // A short's quantity is negative there; here the side says it.
    qty: typeof theirs.quantity === "string" ? theirs.quantity.replace(/^-/, "") : theirs.quantity,
    price: theirs.entry_price,
    exit_price: theirs.exit_price,
    pnl: theirs.realized_net_pnl,
    fee: theirs.total_commission_dollars,
    leverage: theirs.leverage,
    status: "closed",
    timestamp: closedAt,
    opened_at: isoTime(theirs.entry_time),
    closed_at: closedAt,
    meta: metaOf(theirs),
  };
  return { place: line, kind: "trade", record: present(fields) };
}

/** The numbers of the two fills at the exchange, by which anyone can look them up, and a confidence where one was said. */
function metaOf({ entry_tid, exit_tid, confidence }: Record<string, unknown>) {
  const said = typeof confidence === "string" && Number(confidence) !== 0 ? confidence : undefined;
  const meta = present({ entry_tid, exit_tid, confidence: said });
  return Object.keys(meta).length === 0 ? undefined : meta;
}

/** Unix seconds to ISO 8601 with milliseconds, half to even; anything else as it is, for the contract to judge. */
function isoTime(seconds: unknown): unknown {
  if (typeof seconds !== "string" || !/^-?\d{1,12}(?:\.\d{1,30})?$/.test(seconds)) return seconds;
  const time = new Date(
    new Decimal(seconds).times(1000).toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN).toNumber(),
  );
  return Number.isNaN(time.getTime()) ? seconds : time.toISOString();
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A parser's message may quote a byte of the file, which must not reach a terminal as it is. */
const printable = (text: string) => text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?").slice(0, 200);
