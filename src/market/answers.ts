import { INTERVAL_MS, type Interval, PRICE_STALE_MS } from "../contracts/market.ts";
import { toText } from "../contracts/units.ts";
import { coinOf } from "./coins.ts";
import type { PriceBoard } from "./price-board.ts";
import type { MarketQuote, SymbolBook } from "./symbol-book.ts";

// Answers are built as text: prices keep all their digits, which a JavaScript number would not.

/** `GET /api/market`. @returns undefined where the symbol has no price. */
export function marketText(board: PriceBoard, symbol: string, now = Date.now()): string | undefined {
  const book = board.book(symbol);
  const fields = book && fieldsOf(book, now);
  if (book === undefined || fields === undefined) return undefined;
  const history = book
    .history()
    .map(({ time, price }) => `{"time":${timeText(time)},"price":${toText(price)}}`);
  return `{${fields},"history":[${history.join(",")}],"timestamp":${timeText(now)}}`;
}

/** `GET /api/markets`. */
export function marketsText(board: PriceBoard, now = Date.now()): string {
  const markets = [...board.books()].flatMap((book) => fieldsOf(book, now) ?? []).map((text) => `{${text}}`);
  return `{"markets":[${markets.join(",")}],"count":${markets.length},"timestamp":${timeText(now)}}`;
}

/** `GET /api/market/candles`. @returns undefined where the symbol has no price. */
export function candlesText(
  board: PriceBoard,
  symbol: string,
  interval: Interval,
  limit: number,
  now = Date.now(),
): string | undefined {
  const book = board.book(symbol);
  if (book?.newest === undefined) return undefined;
  const candles = book
    .candles(INTERVAL_MS[interval], limit)
    .map(
      ({ time, open, high, low, close, volume }) =>
        `{"time":${timeText(time)},"open":${toText(open)},"high":${toText(high)},"low":${toText(low)},"close":${toText(close)},"volume":${toText(volume)}}`,
    );
  return `{"symbol":${JSON.stringify(symbol)},"interval":"${interval}","candles":[${candles.join(",")}],${ageText(book.newest, now)},"timestamp":${timeText(now)}}`;
}

function fieldsOf(book: SymbolBook, now: number): string | undefined {
  const { newest } = book;
  const day = book.day();
  if (newest === undefined || day === undefined) return undefined;
  const { symbol, price, source } = newest;
  const { change, volume, high, low } = day;
  return (
    `"symbol":${JSON.stringify(symbol)},"price":${price},"change_24h":${toText(change)},` +
    `"volume_24h":${toText(volume)},"high_24h":${toText(high)},"low_24h":${toText(low)},` +
    `"source":${JSON.stringify(source)},${ageText(newest, now)},"coin":${JSON.stringify(coinOf(symbol))}`
  );
}

function ageText({ time }: MarketQuote, now: number): string {
  const age = Math.max(0, now - time);
  return `"as_of":${timeText(time)},"age_ms":${age},"stale":${age > PRICE_STALE_MS}`;
}

function timeText(time: number): string {
  return `"${new Date(time).toISOString()}"`;
}
