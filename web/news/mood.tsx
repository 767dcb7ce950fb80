import type { Article } from "../client/index.ts";

type Label = Article["sentiment"]["label"];

const SHAPES: Record<Label, string> = {
  positive: "M8 2l6 11H2z",
  neutral: "M2 6.5h12v3H2z",
  negative: "M8 14L2 3h12z",
};
const KINDS: Record<Label, string> = { positive: "gain", neutral: "even", negative: "loss" };
const CONFIDENCE = new Intl.NumberFormat("en-US", { style: "percent" });

/** A sentiment as a word with its shape, and how sure the scoring is. */
export function Mood({ label, confidence }: { label: Label; confidence: number | string }) {
  return (
    <span class={`mood change ${KINDS[label]}`} title={`Confidence ${CONFIDENCE.format(Number(confidence))}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[label]} />
      </svg>
      {label}
    </span>
  );
}

/** A mean score, −1 to 1: the bar grows from the middle to the left or the right. */
export function MoodBar({ average }: { average: number }) {
  const size = Math.min(1, Math.abs(average)) * 50;
  return (
    <svg class="mood-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="ground" width="100" height="10" />
      <rect class={average < 0 ? "loss" : "gain"} x={average < 0 ? 50 - size : 50} width={size} height="10" />
      <rect class="middle" x="49.5" width="1" height="10" />
    </svg>
  );
}
