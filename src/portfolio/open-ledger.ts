import type { Statement } from "../platform/postgres/database.ts";
import type { PortfolioContext } from "./context.ts";
import { OPENING_KEY, takeOverPortfolio } from "./take-over-portfolio.ts";

/** Null where the model has a portfolio already, other than the opening that a stop left alone. */
const LEDGER: Statement = {
  name: "ledger-to-open",
  text: `
    SELECT greatest(0, $2::numeric + sum(pnl) FILTER (WHERE status = 'closed'))::text AS balance,
           max(coalesce(closed_at, "timestamp")) AS at
    FROM trades
    WHERE model = $1 AND NOT EXISTS (
      SELECT 1 FROM portfolios p WHERE p.model = $1 AND p.seq IS DISTINCT FROM
        (SELECT k.seq FROM idempotency_keys k WHERE k.kind = 'portfolio' AND k.scope = $1 AND k.key = $3))`,
};

/**
 * Gives a model that was taken over with its trades alone the balance that it began with: where it has no portfolio here,
 * one comes about that says what its trades made of it, so that its returns are counted from that balance.
 * @returns whether it did.
 * @throws AppError 503
 */
export async function openLedger(
  context: Pick<PortfolioContext, "appender" | "database">,
  model: string,
  startingBalance: string,
): Promise<boolean> {
  const [row] = await context.database.run<{ balance: string | null; at: Date | null }>(LEDGER, [
    model,
    startingBalance,
    OPENING_KEY,
  ]);
  if (!row?.at) return false;
  const balance = row.balance ?? startingBalance;
  const report = { model, balance, positions: [], last_update: row.at.toISOString() };
  return (await takeOverPortfolio(context, report, startingBalance)) === "new";
}
