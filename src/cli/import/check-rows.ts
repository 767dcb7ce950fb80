import { createHash } from "node:crypto";
import { portfolioReport } from "../../contracts/portfolio.ts";
import { givenScore } from "../../contracts/sentiment.ts";
import { newTrade } from "../../contracts/trades.ts";
import { AppError } from "../../platform/errors.ts";
import { validate } from "../../platform/http/validate.ts";
import { contentIds } from "./content-ids.ts";
import { givenUser } from "./legacy/user.ts";
import { repairDecimals } from "./repair-decimals.ts";
import { repairTexts } from "./repair-texts.ts";
import type { LeftBehind, Place, RecordKind, Records, Source } from "./source.ts";

/** A row that may be written; `id` is how its record is known: a portfolio by its model, a user by the address. */
export type CheckedRow<Kind extends RecordKind = RecordKind> = {
  [K in Kind]: { kind: K; place: Place; id: string; record: Records[K]; repairs: readonly string[] };
}[Kind];

/** The records of a batch, which is of one kind; none where it is of another. */
export function recordsOf<Kind extends RecordKind>(rows: readonly CheckedRow[], kind: Kind): Records[Kind][] {
  return rows[0]?.kind === kind ? rows.map(({ record }) => record as Records[Kind]) : [];
}

export interface RefusedRow {
  place: Place;
  /** Absent where the row had none, or was too broken to have one. */
  id?: string;
  reason: string;
}

export interface RowListener {
  refuse(row: RefusedRow): void;
  leave(left: LeftBehind): void;
}

const SHOWN_DETAILS = 5;
const NONE: readonly string[] = [];

/** The source's rows that keep the contract, each with an id; of the others the listener is told. */
export async function* checkedRows(
  source: Source,
  which: "all" | "newcomers",
  listener: RowListener,
): AsyncGenerator<CheckedRow> {
  const check = rowChecker();
  for await (const row of source.rows(which)) {
    if ("left" in row) listener.leave(row);
    else if ("refused" in row) {
      const { place, id, refused } = row;
      listener.refuse({ place, ...(id !== undefined && { id }), reason: refused });
    } else {
      const texts = repairTexts(row.record);
      const decimals = row.kind === "trade" ? repairDecimals(texts.record) : unchanged(texts.record);
      const { record } = decimals;
      const repaired = [...texts.repaired, ...decimals.repaired];
      const repairs = repaired.length === 0 ? (row.repairs ?? NONE) : [...(row.repairs ?? []), ...repaired];
      try {
        yield check(row.kind, row.place, record, repairs);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        listener.refuse({ place: row.place, ...idIn(record), reason: reasonOf(error, source) });
      }
    }
  }
}

const unchanged = (record: unknown) => ({ record, repaired: NONE });

/** @returns a function that throws AppError 400 for what breaks the contract. */
function rowChecker(): (
  kind: RecordKind,
  place: Place,
  record: unknown,
  repairs: readonly string[],
) => CheckedRow {
  const tradeIds = contentIds();
  const scoreIds = contentIds();
  return (kind, place, record, repairs) => {
    if (kind === "trade") {
      const trade = validate(newTrade, record);
      const id = trade.id ?? tradeIds(trade);
      // Set in place, since a copy of every trade costs more than all the rest of this.
      return { kind, place, id, record: Object.assign(trade, { id }), repairs };
    }
    if (kind === "sentiment") {
      const score = validate(givenScore, record);
      const id = score.id ?? scoreIds(score);
      return { kind, place, id, record: { ...score, id }, repairs };
    }
    if (kind === "portfolio") {
      const report = validate(portfolioReport, record);
      return { kind, place, id: report.model, record: report, repairs };
    }
    const user = validate(givenUser, record);
    const id = user.id ?? `import-${createHash("sha256").update(user.email).digest("hex").slice(0, 24)}`;
    return { kind, place, id: user.email, record: { ...user, id }, repairs };
  };
}

/** `qty (quantity) must be greater than 0; side is required`. */
function reasonOf({ message, details = [] }: AppError, { fieldNames = {} }: Source): string {
  if (details.length === 0) return message;
  const shown = details.slice(0, SHOWN_DETAILS).map((detail) => {
    const theirs = fieldNames[detail.path];
    const field = theirs === undefined ? detail.path : `${detail.path} (${theirs})`;
    return `${field} ${detail.message}`.trimStart();
  });
  return shown.join("; ");
}

function idIn(record: unknown): { id?: string } {
  const id = typeof record === "object" && record !== null && "id" in record ? record.id : undefined;
  return typeof id === "string" ? { id: id.slice(0, 100) } : {};
}
