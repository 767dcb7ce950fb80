import { PRODUCT_DECIMALS, toUnits } from "../contracts/units.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { MedianWindow, type WindowState } from "./score/median-window.ts";

const WIDTH = 2_048;

// A closed trade never changes, so those with a seq up to $2 are what there was at $2.
const around = (value: string) => `
  SELECT ${value} AS value FROM trades
  WHERE model = $1 AND status = 'closed' AND seq <= $2::bigint AND ${value} IS NOT NULL
  ORDER BY 1 OFFSET $3 LIMIT $4`;
const LOOK_UP: Record<"notionals" | "holdings", Statement> = {
  notionals: { name: "look-up-notionals", text: around("price * qty") },
  holdings: {
    name: "look-up-holdings",
    text: around(
      "(date_part('epoch', closed_at) * 1000)::bigint - (date_part('epoch', opened_at) * 1000)::bigint",
    ),
  },
};

/**
 * The values around the median of a model's closed trades as of a seq, looked up in the table.
 * @param count how many such values there are.
 */
export async function lookUpMedian(
  database: Database,
  of: "notionals" | "holdings",
  { model, asOf, count }: { model: string; asOf: number; count: number },
): Promise<WindowState> {
  const offset = MedianWindow.offset(count, WIDTH);
  const rows = await database.run<{ value: string }>(LOOK_UP[of], [model, asOf, offset, WIDTH]);
  const values = rows.map(({ value }) => toUnits(value, of === "notionals" ? PRODUCT_DECIMALS : 0));
  return { below: offset, values, above: count - offset - values.length };
}
