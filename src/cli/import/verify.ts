import { Decimal } from "decimal.js";
import { netPnl } from "../../contracts/trades.ts";
import type { Database, Statement } from "../../platform/postgres/database.ts";
import { verifyPortfolios } from "../../portfolio/index.ts";
import { type CheckedRow, recordsOf } from "./check-rows.ts";
import { fingerprint } from "./fingerprint.ts";
import { passThrough } from "./pass.ts";
import { printable } from "./printable.ts";
import { type Outcome, openReport } from "./report.ts";
import { compare } from "./sinks/onlooker.ts";
import { ImportError, type RecordKind, type Source } from "./source.ts";

// 20 digits before and 18 after the point, multiplied and summed over millions of rows, stay exact.
const Exact = Decimal.clone({ precision: 120 });
const SHOWN = 20;

/** A trade that was closed here after it was taken over counts as it came. */
const SUMS: Statement = {
  name: "verify-trades",
  text: `
    SELECT count(*)::int AS rows, coalesce(sum(t.qty), 0) AS qty, coalesce(sum(t.qty * t.price), 0) AS notional,
      coalesce(sum(CASE WHEN w.open AND t.before_close IS NOT NULL
                        THEN (t.before_close->>'pnl')::numeric ELSE t.pnl END), 0) AS pnl
    FROM unnest($1::text[], $2::boolean[]) AS w(id, open) JOIN trades t ON t.id = w.id`,
};

interface Sums {
  qty: Decimal;
  notional: Decimal;
  pnl: Decimal;
}

export interface Verification {
  text: string;
  /** Whether every record of the source that can be taken over is here, the same. */
  isWhole: boolean;
}

/**
 * Reads the source once more and holds it against the playground: every record by its id, field by field, and for trades
 * the exact sums of quantity, notional and PnL, which PostgreSQL adds up by itself. Writes nothing.
 * @throws ImportError where one of the two cannot be read.
 */
export async function verify(source: Source, database: Database | undefined): Promise<Verification> {
  if (database === undefined) throw new ImportError("There is no playground to compare with yet.");
  const theirs: Sums = { qty: new Exact(0), notional: new Exact(0), pnl: new Exact(0) };
  const ours: Sums = { qty: new Exact(0), notional: new Exact(0), pnl: new Exact(0) };
  const kinds = new Map<RecordKind, { here: number; all: number }>();
  const differences = { count: 0, shown: [] as string[] };
  const met = new Set<number>();
  const report = openReport(source);
  const sink = {
    async take(batch: readonly CheckedRow[]): Promise<Outcome[]> {
      const portfolios = recordsOf(batch, "portfolio");
      const standings =
        portfolios.length > 0 ? await verifyPortfolios(database, portfolios) : await compare(database, batch);
      const fresh = batch.filter((row, index) => {
        // A second row with the same id and content is the same record.
        const print = fingerprint(`${row.kind} ${row.id}`);
        if (met.has(print) && standings[index] === "same") return false;
        met.add(print);
        const count = kinds.get(row.kind) ?? { here: 0, all: 0 };
        kinds.set(row.kind, count);
        count.all++;
        if (standings[index] === "same") count.here++;
        else if (differences.count++ < SHOWN) {
          differences.shown.push(
            `${source.unit} ${row.place}: ${WHAT[standings[index] ?? "new"]} (${row.kind} ${row.id})`,
          );
        }
        return standings[index] === "same";
      });
      await addUp(database, recordsOf(fresh, "trade"), theirs, ours);
      return batch.map(() => "repeated");
    },
  };
  // To look is not to take: what has come since the import is still to be followed.
  await passThrough({ ...source, onTaken: () => {} }, sink, report);
  const isEqual = theirs.qty.eq(ours.qty) && theirs.notional.eq(ours.notional) && theirs.pnl.eq(ours.pnl);
  const isWhole = differences.count === 0 && isEqual;
  return {
    text: verificationText(source, kinds, theirs, ours, differences, report.tally.refused, isWhole),
    isWhole,
  };
}

const WHAT = { new: "is not here", closable: "is still open here", different: "is other here", same: "" };

async function addUp(
  database: Database,
  trades: ReturnType<typeof recordsOf<"trade">>,
  theirs: Sums,
  ours: Sums,
): Promise<void> {
  if (trades.length === 0) return;
  for (const trade of trades) {
    const { qty, price, pnl } = trade;
    theirs.qty = theirs.qty.plus(qty);
    theirs.notional = theirs.notional.plus(new Exact(qty).times(price));
    theirs.pnl = theirs.pnl.plus(pnl ?? netPnl(trade) ?? 0);
  }
  const ids = trades.map(({ id }) => id);
  const open = trades.map(({ status }) => status === "open");
  const [row] = await database.run<Record<keyof Sums, string>>(SUMS, [ids, open]);
  for (const name of ["qty", "notional", "pnl"] as const) ours[name] = ours[name].plus(row?.[name] ?? 0);
}

function verificationText(
  { name }: Source,
  kinds: Map<RecordKind, { here: number; all: number }>,
  theirs: Sums,
  ours: Sums,
  differences: { count: number; shown: readonly string[] },
  refused: number,
  isWhole: boolean,
): string {
  const sums = (["qty", "notional", "pnl"] as const).map(
    (sum) =>
      `${sum} ${theirs[sum].toFixed()} ${theirs[sum].eq(ours[sum]) ? "=" : "≠"} ${ours[sum].toFixed()}`,
  );
  const more = differences.count - SHOWN;
  return [
    `Compared with ${name}, record by record:`,
    ...[...kinds].map(([kind, { here, all }]) => `  ${kind.padEnd(9)} ${here} of ${all} are here, the same`),
    ...(kinds.has("trade") ? [`  sums      ${sums.join("; ")}`] : []),
    ...(refused > 0 ? [`  refused   ${refused} rows, which cannot be here`] : []),
    ...differences.shown.map((difference) => `    ${printable(difference)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
    isWhole ? "Everything that can be taken over is here." : "The playground differs from its source.",
    "",
  ].join("\n");
}
