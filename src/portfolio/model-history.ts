import { toText, toUnits, type Units } from "../contracts/units.ts";
import { LedgerCurve } from "./ledger-curve.ts";
import { ReportCurve } from "./report-curve.ts";
import { type Sequence, shareOfFirst, shownIndexes } from "./thin-curve.ts";

/** What a model's curve is made of, as of a seq of a tape. */
export interface ModelHistory {
  epoch: string;
  asOf: number;
  /** Whether there is a trade of the model, open or closed. */
  hasTraded: boolean;
  ledger: LedgerCurve;
  reports: ReportCurve;
  start: CurveStart;
  /** What was last made of it, as long as nothing has come. */
  shown?: { query: string; text: string };
}

/** Where a model's ledger begins and until when it is shown. */
export interface CurveStart {
  starting_balance: string;
  /** The first report that was not made up to say what the model began with, Unix milliseconds. */
  first_report: number | null;
  /** The first report that was taken over from another store: what came before is counted back from it. */
  taken: { time: number; balance: string } | null;
}

export function emptyHistory(epoch: string, asOf: number, start: CurveStart): ModelHistory {
  return {
    epoch,
    asOf,
    hasTraded: false,
    ledger: new LedgerCurve(),
    reports: new ReportCurve(),
    start,
  };
}

export interface CurveRange {
  /** Unix milliseconds, both inclusive. */
  from: number | undefined;
  to: number | undefined;
  points: number;
}

/**
 * A model's curve as JSON texts, oldest first: its ledger up to its first report, then its reports; where another store
 * kept a model's last report alone, its ledger counted back from that report.
 */
export function curveTexts({ ledger, reports, start }: ModelHistory, range: CurveRange): string[] {
  const { taken, first_report: firstReport } = start;
  const end = taken?.time ?? firstReport;
  const ledgerEnd = end === null ? ledger.length : ledger.countBefore(end);
  const madeBefore = ledgerEnd === 0 ? 0n : ledger.sum(ledgerEnd - 1);
  const base: Units = taken === null ? toUnits(start.starting_balance) : toUnits(taken.balance) - madeBefore;
  const shownLedger = between(ledger, ledgerEnd, range);
  const shownReports = between(
    { countBefore: (time) => reports.countBefore(time), time: (index) => reports.at(index).time },
    reports.length,
    range,
  );
  const count = shownLedger.to - shownLedger.from + shownReports.to - shownReports.from;
  return shownIndexes(count, range.points).map((index) => {
    const reported = shareOfFirst(index + 1, shownReports, shownLedger);
    const traded = index + 1 - reported;
    const report = reported === 0 ? undefined : reports.at(shownReports.from + reported - 1);
    const trade = shownLedger.from + traded - 1;
    // Of what is taken the last one is the point: of equal times the reports come first.
    if (report === undefined || (traded > 0 && ledger.time(trade) >= report.time)) {
      const equity = toText(base + ledger.sum(trade));
      return pointText(ledger.time(trade), equity, equity);
    }
    return pointText(report.time, report.balance, report.equity);
  });
}

function between(
  curve: { countBefore(time: number): number; time(index: number): number },
  length: number,
  { from, to }: CurveRange,
): Sequence {
  const start = from === undefined ? 0 : Math.min(length, curve.countBefore(from));
  const end = to === undefined ? length : Math.min(length, curve.countBefore(to + 1));
  return { from: start, to: Math.max(start, end), time: (index) => curve.time(index) };
}

const pointText = (time: number, balance: string, equity: string) =>
  `{"t":"${new Date(time).toISOString()}","balance":${balance},"equity":${equity}}`;
