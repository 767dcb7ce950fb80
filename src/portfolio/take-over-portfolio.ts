import { createHash } from "node:crypto";
import type { PortfolioReport } from "../contracts/portfolio.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import type { PortfolioContext } from "./context.ts";
import { isSameReport, reportPortfolio } from "./report-portfolio.ts";
import { PORTFOLIO_TEXT, portfolioWrite } from "./write-kind.ts";

// Old reports are not valued with the prices of today.
export const WITHOUT_PRICES = portfolioWrite({ get: () => undefined, all: () => [] });
/** How the idempotency keys of reports begin that were taken over. */
export const TAKEN_OVER = "import-";
/** And the whole key of one that was made up to say what a model began with. */
export const OPENING_KEY = "import-opening";

const STORED: Statement = {
  name: "portfolios-to-take-over",
  text: `
    SELECT p.last_update, k.key IS NOT NULL AS known, k.seq < p.seq AS has_newer, ${PORTFOLIO_TEXT} AS body
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted(model, key, n)
    LEFT JOIN portfolios p ON p.model = wanted.model
    LEFT JOIN idempotency_keys k ON k.kind = 'portfolio' AND k.scope = wanted.model AND k.key = wanted.key
    ORDER BY n`,
};
const FIRST_TRADE: Statement = {
  name: "first-trade-of-model",
  text: `SELECT min("timestamp") AS at FROM trades WHERE model = $1`,
};

/**
 * Says of each report of another store whether it was taken over before, or a newer one is here (`same`), or whether it
 * would be recorded (`new`). Reads only. @throws AppError 503
 */
export async function comparePortfolios(
  database: Database,
  reports: readonly PortfolioReport[],
): Promise<("new" | "same")[]> {
  const rows = await storedFor(database, reports);
  return reports.map(({ last_update }, index) => {
    const row = rows[index];
    if (row === undefined || row.last_update === null) return "new";
    if (row.known) return "same";
    return last_update === undefined || row.last_update.getTime() >= Date.parse(last_update) ? "same" : "new";
  });
}

/**
 * Says of each report of another store whether its model's portfolio here is that report, field by field, or a newer one
 * (`same`). Reads only. @throws AppError 503
 */
export async function verifyPortfolios(
  database: Database,
  reports: readonly PortfolioReport[],
): Promise<("new" | "same" | "different")[]> {
  const rows = await storedFor(database, reports);
  return reports.map((report, index) => {
    const row = rows[index];
    if (row === undefined || row.last_update === null) return "new";
    const isNewer =
      report.last_update === undefined
        ? row.has_newer === true
        : row.last_update.getTime() > Date.parse(report.last_update);
    return isNewer || isSameReport(report, row.body) ? "same" : "different";
  });
}

interface Stored {
  /** Null where the model has no portfolio here. */
  last_update: Date | null;
  /** Whether this very report was taken over before. */
  known: boolean;
  /** Whether another one was recorded since; null where it was not taken over. */
  has_newer: boolean | null;
  body: string;
}

/** What there is of each report's model, in the reports' order. */
const storedFor = (database: Database, reports: readonly PortfolioReport[]) =>
  database.run<Stored>(STORED, [reports.map(({ model }) => model), reports.map(contentKey)]);

/**
 * Records a report that another store kept, once, where no newer one is here.
 * @param startingBalance the model's balance before its first trade; where it is given, and the model is new here, an
 * opening report as of its first trade comes first, since the first report says what returns are counted from.
 * @throws AppError 503
 */
export async function takeOverPortfolio(
  context: Pick<PortfolioContext, "appender" | "database">,
  report: PortfolioReport,
  startingBalance?: string,
): Promise<"new" | "same"> {
  const [standing] = await comparePortfolios(context.database, [report]);
  if (standing === "same") return "same";
  if (startingBalance !== undefined) await openPortfolio(context, report, startingBalance);
  const { repeated } = await reportPortfolio(context, WITHOUT_PRICES, report, contentKey(report));
  return repeated ? "same" : "new";
}

/** Reports what a model began with, where it has no portfolio here. @throws AppError 503 */
export async function openPortfolio(
  context: Pick<PortfolioContext, "appender" | "database">,
  { model, last_update }: PortfolioReport,
  balance: string,
): Promise<void> {
  const [row] = await context.database.run<{ last_update: Date | null }>(STORED, [[model], [OPENING_KEY]]);
  if (row?.last_update) return;
  const [first] = await context.database.run<{ at: Date | null }>(FIRST_TRADE, [model]);
  // Not after the report that follows it, which would be too old then to replace it.
  const [at] = [first?.at?.toISOString(), last_update].filter((moment) => moment !== undefined).sort();
  const opening = {
    model,
    balance,
    positions: [],
    starting_balance: balance,
    ...(at !== undefined && { last_update: at }),
  };
  await reportPortfolio(context, WITHOUT_PRICES, opening, OPENING_KEY);
}

/** The same report has the same key, so that to take it over again adds nothing. */
function contentKey({ model, balance, positions, last_update }: PortfolioReport): string {
  const text = JSON.stringify([model, balance, positions, last_update]);
  return `${TAKEN_OVER}${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}
