import { wordWeights } from "./lexicon/word-weights.ts";
import { tokenizeText } from "./scoring/tokenize-text.ts";
import { weighContext } from "./scoring/weigh-context.ts";

export type SentimentLabel = "positive" | "neutral" | "negative";

export type TextSentiment = {
  label: SentimentLabel;
  /** -1 (all bad) to 1 (all good); 0 says nothing or balanced. */
  score: number;
  /** 0 to 1: how much of what was read supports the label. */
  confidence: number;
  /** The words that counted, each once a side, in lower case, on the side they took in their context. */
  tokens: { positive: string[]; negative: string[] };
};

/** Below this |score| a text is neutral: about one weak word of evidence. */
export const LABEL_THRESHOLD = 0.2;

const SCORE_SOFTNESS = 15;
/** One good word: so much doubt is always left. */
const EVIDENCE_SOFTNESS = 2;
/** Finding no sentiment in many words is weak evidence for neutral: half the ceiling at 20 tokens. */
const SILENT_TOKENS = 20;
const SILENT_CEILING = 0.3;
const REPEAT_DECAY = 0.5;

/**
 * Scores a short English text about markets. Never throws; linear in the length of the text (meant for up to
 * 2000 characters). Each known word has a weight (-5..5, AFINN under the project's own crypto lexicon) that its
 * context turns, weakens or strengthens; `score` is their sum, softened into -1..1.
 *
 * `confidence` is no calibrated probability. With P and N the positive and negative evidence (sums of weights in
 * context), it is |P - N| / (P + N + 2) for a positive or negative label: it grows with evidence for the label,
 * falls with evidence against it, and stays low on little evidence (one word of weight 2: 0.5). For neutral it is
 * 2·min(P, N) / (P + N + 2), how balanced the evidence is, and where nothing was found at most 0.3, since silence
 * says little; an empty text has 0.
 */
export function scoreText(text: string): TextSentiment {
  const weightOf = wordWeights();
  const tokens = tokenizeText(text, isKnown);
  if (tokens.length === 0)
    return { label: "neutral", score: 0, confidence: 0, tokens: { positive: [], negative: [] } };
  const keys = tokens.map((token) => token.key);
  const weights = weighContext(
    keys,
    keys.map((key) => weightOf.get(key) ?? 0),
  );

  const positive = new Set<string>();
  const negative = new Set<string>();
  const shares = new Map<string, number>();
  let good = 0;
  let bad = 0;
  tokens.forEach((token, at) => {
    const weight = weights[at] ?? 0;
    if (weight === 0) return;
    // Ten rockets are not ten reasons: each repetition of a token counts half of the one before.
    const share = shares.get(token.key) ?? 1;
    shares.set(token.key, share * REPEAT_DECAY);
    const evidence = Math.abs(weight) * token.emphasis * share;
    if (weight > 0) good += evidence;
    else bad += evidence;
    (weight > 0 ? positive : negative).add(token.shown);
  });

  const score = rounded(soften(good - bad));
  const label = score >= LABEL_THRESHOLD ? "positive" : score <= -LABEL_THRESHOLD ? "negative" : "neutral";
  const confidence = rounded(confidenceOf(label, good, bad, keys.length));
  return { label, score, confidence, tokens: { positive: [...positive], negative: [...negative] } };
}

/** To four decimals: more would promise a precision that no lexicon has. */
const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

/** x / sqrt(x² + 15), the normalisation of VADER (Hutto and Gilbert, 2014): odd, monotone, within ±1. */
function soften(sum: number): number {
  return sum / Math.sqrt(sum * sum + SCORE_SOFTNESS);
}

function confidenceOf(label: SentimentLabel, good: number, bad: number, length: number): number {
  const total = good + bad + EVIDENCE_SOFTNESS;
  if (label !== "neutral") return Math.abs(good - bad) / total;
  const silence = (SILENT_CEILING * length) / (length + SILENT_TOKENS);
  return Math.max(silence * (EVIDENCE_SOFTNESS / total), (2 * Math.min(good, bad)) / total);
}

function isKnown(word: string): boolean {
  return wordWeights().has(word);
}
