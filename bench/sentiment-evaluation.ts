import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parse } from "csv-parse/sync";
import Sentiment from "sentiment";
import type { SentimentLabel } from "../src/sentiment/score-text.ts";

export type LabelledText = { text: string; label: SentimentLabel; split: "tune" | "heldout" };
/** A method gives a text a number whose sign and size say its side. */
export type Method = (text: string) => number;

const LABELS: readonly SentimentLabel[] = ["positive", "neutral", "negative"];
const LABELLED = new URL("../test/data/sentiment-labelled.csv", import.meta.url);

/** The labelled texts of one part, in file order. */
export function loadLabelled(split: LabelledText["split"]): LabelledText[] {
  const rows: LabelledText[] = parse(readFileSync(LABELLED), { columns: true });
  return rows.filter((row) => row.split === split);
}

/** The sentiment package as it comes: AFINN-165, its own tokenizer and negation. */
export function plainAfinn(): Method {
  const analyzer = new Sentiment();
  return (text) => analyzer.analyze(text).score;
}

/** VADER's compound score from the vader-sentiment package, whose usual cutoff is 0.05. */
export function vader(): Method {
  const { SentimentIntensityAnalyzer } = createRequire(import.meta.url)("vader-sentiment") as {
    SentimentIntensityAnalyzer: { polarity_scores(text: string): { compound: number } };
  };
  return (text) => SentimentIntensityAnalyzer.polarity_scores(text).compound;
}

/** The label of a number: positive from `cutoff` on, negative from `-cutoff` on, else neutral. */
export function labelAt(value: number, cutoff: number): SentimentLabel {
  if (value >= cutoff) return "positive";
  return value <= -cutoff ? "negative" : "neutral";
}

/** Accuracy and macro-F1 (the plain mean of the F1 of the three labels), both 0..1. */
export function evaluate(
  rows: readonly LabelledText[],
  guess: (text: string) => SentimentLabel,
): { accuracy: number; macroF1: number } {
  const guesses = rows.map((row) => guess(row.text));
  const right = rows.filter((row, at) => row.label === guesses[at]).length;
  const f1s = LABELS.map((label) => {
    const hits = rows.filter((row, at) => row.label === label && guesses[at] === label).length;
    const named = rows.filter((row) => row.label === label).length;
    const guessed = guesses.filter((guessed) => guessed === label).length;
    return (2 * hits) / Math.max(1, named + guessed);
  });
  return { accuracy: right / rows.length, macroF1: f1s.reduce((sum, f1) => sum + f1, 0) / LABELS.length };
}

/** The cutoff with the best macro-F1 on the given rows, among the values that occur there. */
export function bestCutoff(rows: readonly LabelledText[], method: Method): number {
  const sizes = new Set(rows.map((row) => Math.abs(method(row.text))).filter((size) => size > 0));
  const values = new Map(rows.map((row) => [row.text, method(row.text)]));
  const scored = [...sizes].map((cutoff) => ({
    cutoff,
    macroF1: evaluate(rows, (text) => labelAt(values.get(text) ?? 0, cutoff)).macroF1,
  }));
  return scored.reduce((best, next) => (next.macroF1 > best.macroF1 ? next : best)).cutoff;
}
