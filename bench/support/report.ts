import { median } from "./rounds.ts";

/** One row of the result: the median over the rounds, its range, and what it is held against. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly range: string;
  readonly goal: string;
}

/** Three significant digits, or whole numbers from a hundred up. */
export function show(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}

/** A row of figures, one a round, with their unit. None when nothing was measured. */
export function figureRow(what: string, unit: string, samples: readonly number[] | undefined): Row[] {
  if (samples === undefined || samples.length === 0) return [];
  return [{ what, figure: `${show(median(samples))} ${unit}`, range: range(samples), goal: "" }];
}

/** A goal on a ratio, such as `{ atLeast: 8 }`. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** The median of the rounds' own ratios a ÷ b, against its goal. None when one side was not measured. */
export function ratioRow(
  what: string,
  over: readonly number[] | undefined,
  under: readonly number[] | undefined,
  goal: Goal,
): Row[] {
  if (over === undefined || under === undefined || over.length === 0 || under.length === 0) return [];
  const ratios = over.map((value, round) => value / (under[round] ?? Number.NaN));
  const middle = median(ratios);
  const met = "atLeast" in goal ? middle >= goal.atLeast : middle <= goal.atMost;
  const wanted = "atLeast" in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  return [
    {
      what: `**${what}**`,
      figure: `**${show(middle)}**`,
      range: range(ratios),
      goal: `${wanted}: ${met ? "met" : "not met"}`,
    },
  ];
}

/** The rows as a Markdown table under a heading. */
export function markdownTable(title: string, rows: readonly Row[]): string {
  const lines = rows.map((row) => `| ${row.what} | ${row.figure} | ${row.range} | ${row.goal} |`);
  return [
    `### ${title}`,
    "",
    "| | median | lowest to highest | goal |",
    "| --- | ---: | ---: | --- |",
    ...lines,
    "",
  ].join("\n");
}

function range(samples: readonly number[]): string {
  return `${show(Math.min(...samples))} – ${show(Math.max(...samples))}`;
}
