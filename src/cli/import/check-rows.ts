import { type NewTrade, newTrade } from "../../contracts/trades.ts";
import { AppError } from "../../platform/errors.ts";
import { validate } from "../../platform/http/validate.ts";
import { contentIds } from "./content-ids.ts";
import { repairDecimals } from "./repair-decimals.ts";
import type { TradeSource } from "./source.ts";

/** A row that may be written. */
export interface CheckedRow {
  line: number;
  trade: NewTrade & { id: string };
  repaired: boolean;
}

export interface RefusedRow {
  line: number;
  /** Absent where the row had none, or was too broken to have one. */
  id?: string;
  reason: string;
}

const SHOWN_DETAILS = 5;

/** The source's rows that keep the contract, each with an id; the others go to `refuse`. */
export async function* checkedRows(
  source: TradeSource,
  refuse: (row: RefusedRow) => void,
): AsyncGenerator<CheckedRow> {
  const idOf = contentIds();
  for await (const row of source.rows()) {
    if ("refused" in row) {
      refuse({ line: row.line, reason: row.refused });
      continue;
    }
    const { trade, repaired } = repairDecimals(row.trade);
    try {
      const checked = validate(newTrade, trade);
      yield { line: row.line, trade: { ...checked, id: checked.id ?? idOf(checked) }, repaired };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refuse({ line: row.line, ...idIn(trade), reason: reasonOf(error, source) });
    }
  }
}

/** `qty (quantity) must be greater than 0; side is required`. */
function reasonOf({ message, details = [] }: AppError, { fieldNames = {} }: TradeSource): string {
  if (details.length === 0) return message;
  const shown = details.slice(0, SHOWN_DETAILS).map((detail) => {
    const theirs = fieldNames[detail.path];
    const field = theirs === undefined ? detail.path : `${detail.path} (${theirs})`;
    return `${field} ${detail.message}`.trimStart();
  });
  return shown.join("; ");
}

function idIn(trade: unknown): { id?: string } {
  const id = typeof trade === "object" && trade !== null && "id" in trade ? trade.id : undefined;
  return typeof id === "string" ? { id: id.slice(0, 100) } : {};
}
