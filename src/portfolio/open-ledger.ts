import type { Statement } from "../platform/postgres/database.ts";
import type { PortfolioContext } from "./context.ts";
import { reportPortfolio } from "./report-portfolio.ts";
import { OPENING_KEY, openPortfolio, TAKEN_OVER, WITHOUT_PRICES } from "./take-over-portfolio.ts";

/** How the idempotency keys of reports begin that say what a model's trades made of its starting balance. */
const LEDGER_KEY = `${TAKEN_OVER}ledger-`;

/** No `at` where the model has a portfolio that somebody reported: only what was made up here may be followed by more. */
const LEDGER: Statement = {
  name: "ledger-to-open",
  text: `
    SELECT greatest(0, $2::numeric + sum(pnl) FILTER (WHERE status = 'closed'))::text AS balance,
           max(coalesce(closed_at, "timestamp")) AS at
    FROM trades
    WHERE model = $1 AND NOT EXISTS (
      SELECT 1 FROM portfolios p WHERE p.model = $1 AND NOT EXISTS (
        SELECT 1 FROM idempotency_keys k
        WHERE k.kind = 'portfolio' AND k.scope = $1 AND k.seq = p.seq AND (k.key = $3 OR starts_with(k.key, $4))))`,
};

/**
 * Gives a model that was taken over with its trades alone the balance that it began with: where it has no portfolio here,
 * one comes about that says what its trades made of it, so that its returns are counted from that balance. After a further
 * import it says so anew.
 * @throws AppError 503
 */
export async function openLedger(
  context: Pick<PortfolioContext, "appender" | "database">,
  model: string,
  startingBalance: string,
): Promise<void> {
  const [row] = await context.database.run<{ balance: string | null; at: Date | null }>(LEDGER, [
    model,
    startingBalance,
    OPENING_KEY,
    LEDGER_KEY,
  ]);
  if (!row?.at) return;
  const balance = row.balance ?? startingBalance;
  const report = { model, balance, positions: [], last_update: row.at.toISOString() };
  await openPortfolio(context, report, startingBalance);
  await reportPortfolio(context, WITHOUT_PRICES, report, `${LEDGER_KEY}${balance} ${report.last_update}`);
}
