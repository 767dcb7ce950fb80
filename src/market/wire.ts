import { canonicalDecimal } from "../contracts/decimal.ts";
import { toText, toUnits } from "../contracts/units.ts";
import { z } from "../contracts/zod.ts";
import { MINUTE_MS, type Part } from "./part.ts";
import type { Changes } from "./price-board.ts";
import type { MarketQuote } from "./symbol-book.ts";

// How instances tell each other of prices, and how Redis keeps them.

// A day's volume may have more digits before the point than one tick of the contract.
const sum = z.string().regex(/^\d{1,60}(\.\d{1,18})?$/);
const price = sum.refine((text) => text !== "0" && canonicalDecimal(text) === text);
const time = z.int().min(1).max(8_640_000_000_000_000);

const quoteShape = z.object({
  symbol: z.string().min(1).max(20),
  price,
  volume: sum.nullable(),
  time,
  tradedAt: time,
  source: z.string().max(100),
});

/** symbol, minute, origin, count, firstAt, lastAt, open, high, low, close, volume */
const partShape = z.tuple([
  z.string().min(1).max(20),
  time.multipleOf(MINUTE_MS),
  z.string().min(1).max(40),
  z.int().min(1),
  time,
  time,
  price,
  price,
  price,
  price,
  sum,
]);
const changesShape = z.object({ quotes: z.array(quoteShape), parts: z.array(partShape) });

export function encodeChanges({ quotes, parts }: Changes): string {
  return JSON.stringify({ quotes, parts: parts.map(partRow) });
}

/** @returns nothing new where the text is anything else than what `encodeChanges` writes. */
export function decodeChanges(text: string): Changes {
  const parsed = changesShape.safeParse(parseJson(text));
  if (!parsed.success) return { quotes: [], parts: [] };
  return { quotes: parsed.data.quotes, parts: parsed.data.parts.map(toPart) };
}

export function encodePart(part: Part): string {
  return JSON.stringify(partRow(part));
}

export function decodePart(text: string): Part | undefined {
  const parsed = partShape.safeParse(parseJson(text));
  return parsed.success ? toPart(parsed.data) : undefined;
}

export function encodeQuote(quote: MarketQuote): string {
  return JSON.stringify(quote);
}

export function decodeQuote(text: string): MarketQuote | undefined {
  const parsed = quoteShape.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

function partRow(part: Part): z.input<typeof partShape> {
  const { symbol, minute, origin, count, firstAt, lastAt, open, high, low, close, volume } = part;
  const prices = [toText(open), toText(high), toText(low), toText(close)] as const;
  return [symbol, minute, origin, count, firstAt, lastAt, ...prices, toText(volume)];
}

function toPart(row: z.output<typeof partShape>): Part {
  const [symbol, minute, origin, count, firstAt, lastAt, open, high, low, close, volume] = row;
  return {
    symbol,
    minute,
    origin,
    count,
    firstAt,
    lastAt,
    open: toUnits(open),
    high: toUnits(high),
    low: toUnits(low),
    close: toUnits(close),
    volume: toUnits(volume),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
