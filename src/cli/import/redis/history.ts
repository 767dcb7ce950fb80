import { gunzipSync } from "node:zlib";
import { isObject } from "../legacy/fields.ts";
import { plainTime } from "../legacy/times.ts";
import { plainDecimal } from "../repair-decimals.ts";

/** What a chunk may unpack to: a year of points every minute is a tenth of it. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Base64 of the first bytes of a gzip file. */
const GZIP = "H4sI";

/** One old price: Unix milliseconds, and the price as it stands there, without an exponent. */
export interface PricePoint {
  at: number;
  price: string;
}

/**
 * The points of a chunk of price history: base64 of gzip of `[{t, p, c}]`, whatever its meta says of it, or plain JSON,
 * each perhaps as a JSON string, or under `data` or `points`.
 * @returns undefined where it is none of these.
 */
export function historyPoints(chunk: string): PricePoint[] | undefined {
  const points = unpack(chunk.trim());
  if (!Array.isArray(points)) return undefined;
  return points.flatMap((point: unknown) => {
    if (!isObject(point)) return [];
    const at = Date.parse(String(plainTime(point.t)));
    const text = String(point.p);
    // JavaScript writes what is below 0.000001 with an exponent, which a file of prices has not.
    const price = /e/i.test(text) ? (plainDecimal(text) ?? text) : text;
    return Number.isNaN(at) || !/^\d+(?:\.\d+)?$/.test(price) ? [] : [{ at, price }];
  });
}

function unpack(text: string): unknown {
  try {
    if (text.startsWith(GZIP)) {
      return unpack(gunzipSync(Buffer.from(text, "base64"), { maxOutputLength: MAX_BYTES }).toString("utf8"));
    }
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") return unpack(value);
    if (isObject(value)) {
      const inner = value.data ?? value.points;
      return typeof inner === "string" ? unpack(inner) : inner;
    }
    return value;
  } catch {
    return undefined;
  }
}
