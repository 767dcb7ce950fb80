import { printable } from "./printable.ts";
import type { Tally } from "./report.ts";
import type { RecordKind, Source } from "./source.ts";

const PLURALS: Record<RecordKind, string> = {
  trade: "trades",
  sentiment: "sentiments",
  portfolio: "portfolios",
  user: "users",
};

/**
 * The summary as it is printed: the rows' numbers, the first twenty refused rows, and what was not taken over.
 * @param isPreview nothing was written: the same numbers, said of what would come.
 */
export function summaryText(tally: Tally, { unit, repairs }: Source, isPreview = false): string {
  const { new: fresh, repeated, repaired, refused, shown, kinds, left } = tally;
  const width = String(Math.max(fresh, repeated, repaired, refused)).length;
  const count = (name: string, value: number, more = "") =>
    `  ${name.padEnd(9)} ${String(value).padStart(width)}${more}`;
  const more = refused - shown.length;
  return [
    ...(isPreview ? ["This would come; nothing was written:"] : []),
    count("new", fresh, kinds.size > 1 && fresh > 0 ? `  ${byKind(kinds)}` : ""),
    count("repeated", repeated),
    count("repaired", repaired, `  ${repairs}; counted above too`),
    count("refused", refused),
    ...shown.map(({ place, reason }) => printable(`    ${unit} ${place}: ${reason}`)),
    ...(more > 0 ? [`    and ${more} more; --report <file.json> writes all of them`] : []),
    ...(left.size > 0 ? ["  not taken over"] : []),
    ...[...left.values()].map((one) => printable(`    ${one.count} ${one.left}: ${one.why}`)),
    "",
  ].join("\n");
}

function byKind(kinds: Tally["kinds"]): string {
  return [...kinds]
    .filter(([, counts]) => counts.new > 0)
    .map(([kind, counts]) => `${counts.new} ${PLURALS[kind]}`)
    .join(", ");
}
