import { DEFAULT_STARTING_BALANCE, type PortfolioHistoryQuery } from "../contracts/portfolio.ts";
import { notFound } from "../platform/errors.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";
import { OPENING_KEY, TAKEN_OVER } from "./take-over-portfolio.ts";

interface Point {
  t: Date;
  balance: string;
  equity: string;
}

// Thinned to at most $4 points: the last of each of $4 equal runs, so that the newest point always shows.
const thinned = (curve: string) => `
  SELECT t, trim_scale(balance) AS balance, trim_scale(equity) AS equity FROM (
    SELECT c.*, row_number() OVER (PARTITION BY bucket ORDER BY t DESC, n DESC) AS newest FROM (
      SELECT t, balance, equity, n, (n - 1) * $4::bigint / count(*) OVER () AS bucket FROM (
        ${curve}
      ) curve
    ) c
  ) b WHERE newest = 1 ORDER BY t, n`;

// Another store kept a model's last report alone. What came before it is the ledger, counted back from that report:
// its balance less the PnL of every trade closed in between.
const BY_REPORTS: Statement = {
  name: "equity-by-reports",
  text: thinned(`
    SELECT t, balance, equity, row_number() OVER (ORDER BY t, is_ledger, seq) AS n FROM (
      SELECT at AS t, seq, balance, equity, false AS is_ledger FROM portfolio_points WHERE model = $1
      UNION ALL
      SELECT t, seq, equity, equity, true FROM (
        SELECT ledger.t, ledger.seq,
               taken.balance - coalesce(sum(ledger.pnl) OVER (
                 ORDER BY ledger.t DESC, ledger.seq DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS equity
        FROM (
          SELECT p.at, p.balance FROM idempotency_keys k JOIN portfolio_points p ON p.model = k.scope AND p.seq = k.seq
          WHERE k.kind = 'portfolio' AND k.scope = $1 AND starts_with(k.key, '${TAKEN_OVER}')
            AND k.key <> '${OPENING_KEY}'
          ORDER BY p.at, p.seq LIMIT 1
        ) taken, LATERAL (
          SELECT coalesce(closed_at, "timestamp") AS t, seq, pnl FROM trades
          WHERE model = $1 AND status = 'closed' AND coalesce(closed_at, "timestamp") < taken.at
        ) ledger
      ) before
    ) points
    WHERE ($2::timestamptz IS NULL OR t >= $2) AND ($3::timestamptz IS NULL OR t <= $3)`),
};

const BY_LEDGER: Statement = {
  name: "equity-by-ledger",
  text: thinned(`
    SELECT t, equity AS balance, equity, row_number() OVER (ORDER BY t, seq) AS n FROM (
      SELECT coalesce(closed_at, "timestamp") AS t, seq,
             ${DEFAULT_STARTING_BALANCE} + sum(pnl) OVER (ORDER BY coalesce(closed_at, "timestamp"), seq) AS equity
      FROM trades WHERE model = $1 AND status = 'closed'
    ) ledger WHERE ($2::timestamptz IS NULL OR t >= $2) AND ($3::timestamptz IS NULL OR t <= $3)`),
};

const IS_KNOWN: Statement = {
  name: "portfolio-model-known",
  text: `SELECT EXISTS (SELECT 1 FROM portfolios WHERE model = $1) AS reported,
                EXISTS (SELECT 1 FROM trades WHERE model = $1) AS traded`,
};

/**
 * A model's equity curve as JSON text, oldest first: its reports, with its ledger before one that was taken over; or,
 * where it only ever traded, its ledger.
 * @throws AppError 404 where the model has done neither.
 */
export async function readHistory(database: Database, query: PortfolioHistoryQuery): Promise<string> {
  const [known] = await database.run<{ reported: boolean; traded: boolean }>(IS_KNOWN, [query.model]);
  if (known === undefined || !(known.reported || known.traded)) {
    throw notFound("This model has reported no portfolio and no trade.");
  }
  const statement = known.reported ? BY_REPORTS : BY_LEDGER;
  const values = [query.model, query.from ?? null, query.to ?? null, query.points];
  const points = await database.run<Point>(statement, values);
  const texts = points.map(
    ({ t, balance, equity }) => `{"t":"${t.toISOString()}","balance":${balance},"equity":${equity}}`,
  );
  return `{"model":${JSON.stringify(query.model)},"points":[${texts.join(",")}],"count":${texts.length}}`;
}
