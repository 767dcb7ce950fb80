import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Point } from "./support.ts";

const FILE = fileURLToPath(new URL("../../../shared/data/ticks/ethusdt-2023-02-02.csv", import.meta.url));

/** A thousand real trades of ETHUSDT, recorded in public; skips the test where the file is not beside the checkout. */
export function realTicks(context: Mocha.Context): Point[] {
  if (!existsSync(FILE)) {
    process.stdout.write("    skipped: there is no ../shared/data/ticks with recorded trades\n");
    return context.skip() as never;
  }
  return readFileSync(FILE, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","))
    .map((cells) => ({ time: Number(cells[1]), price: cells[5] ?? "", volume: cells[6] ?? "" }));
}

/** The lines of a file that the replay feed reads. */
export function replayText(symbol: string, points: Point[]): string {
  const lines = points.map(({ time, price, volume }) => `${time},${symbol},${price},${volume}`);
  return ["timestamp_ms,symbol,price,amount", ...lines, ""].join("\n");
}
