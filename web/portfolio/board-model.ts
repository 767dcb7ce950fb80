import { type CurvePoint, withTip } from "../chart/curve.ts";
import type { LeaderboardRow } from "../client/index.ts";
import type { BoardPortfolio } from "./follow-portfolios.ts";

/** A model with what is known of it: it has reported, or traded, or both. */
export interface BoardModel {
  model: string;
  rank: number | undefined;
  /** As reported and valued now, else by its trades; quote currency. */
  equity: number;
  /** Percent of the starting balance. */
  returned: number | null;
  curve: readonly CurvePoint[];
  portfolio: BoardPortfolio | undefined;
  row: LeaderboardRow | undefined;
}

/**
 * All models, by name. A live valuation goes before the ranking's figures, which come a moment later.
 * @param now the service's time, Unix milliseconds.
 */
export function boardModels(
  portfolios: readonly BoardPortfolio[],
  rows: readonly LeaderboardRow[],
  curveOf: (model: string) => readonly CurvePoint[] | undefined,
  now: number,
): BoardModel[] {
  const rowOf = new Map(rows.map((row) => [row.model, row]));
  const reported = portfolios.map((portfolio) => {
    const { model, equity, curve } = portfolio;
    const row = rowOf.get(model);
    return { model, rank: row?.rank, equity, returned: returnOf(row, equity), curve, portfolio, row };
  });
  const known = new Set(reported.map(({ model }) => model));
  const onlyTraded = rows
    .filter(({ model }) => !known.has(model))
    .map((row) => {
      const { model, rank, equity, return_pct } = row;
      const curve = withTip(curveOf(model) ?? [], now, equity);
      return { model, rank, equity, returned: return_pct, curve, portfolio: undefined, row };
    });
  return [...reported, ...onlyTraded].sort((a, b) => (a.model < b.model ? -1 : 1));
}

/** The ranking's return, carried on to the equity of this moment; the starting balance follows from it. */
function returnOf(row: LeaderboardRow | undefined, equity: number): number | null {
  if (row === undefined || row.return_pct === null) return null;
  const start = row.equity / (1 + row.return_pct / 100);
  return start > 0 && Number.isFinite(start) ? (equity / start - 1) * 100 : row.return_pct;
}
