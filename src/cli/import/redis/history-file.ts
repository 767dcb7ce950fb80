import { writeAtomically } from "../../files/write-atomically.ts";
import { plainName } from "../legacy/names.ts";
import { historyPoints } from "./history.ts";
import type { RedisReader } from "./reader.ts";

const CHUNK = /^history:([^:]+):v1:year:/;

/**
 * Writes the price history as the CSV that PRICE_FEED=replay plays (`timestamp_ms,symbol,price,amount`), in time order a
 * year's chunk at a time.
 * @param keys the chunks' keys, `history:<symbol>:v1:year:<year>`.
 * @returns how many prices. @throws ImportError where the file cannot be written.
 */
export async function writeHistory(reader: RedisReader, keys: string[], file: string): Promise<number> {
  const years = new Map<string, string[]>();
  for (const key of keys) {
    const year = key.slice(key.lastIndexOf(":") + 1);
    years.set(year, [...(years.get(year) ?? []), key]);
  }
  let written = 0;
  await writeAtomically(file, async (write) => {
    await write("timestamp_ms,symbol,price,amount\n");
    for (const year of [...years.keys()].sort()) {
      const points: { at: number; symbol: string; price: string }[] = [];
      for (const key of years.get(year) ?? []) {
        const symbol = String(plainName(CHUNK.exec(key)?.[1] ?? "")).toUpperCase();
        for (const point of await chunkPoints(reader, key)) points.push({ ...point, symbol });
      }
      points.sort((a, b) => a.at - b.at);
      written += points.length;
      for (const { at, symbol, price } of points) await write(`${at},${symbol},${price},\n`);
    }
  });
  return written;
}

async function chunkPoints(reader: RedisReader, key: string) {
  const parts: Buffer[] = [];
  for await (const piece of reader.pieces(key)) parts.push(piece);
  return historyPoints(Buffer.concat(parts).toString("utf8")) ?? [];
}
