import { createRequire } from "node:module";
import Sentiment from "sentiment";
import { buildLexicon } from "./lexicon/crypto-lexicon.ts";
import { EMOJI_WEIGHTS } from "./lexicon/emoji-lexicon.ts";
import { PHRASE_WEIGHTS } from "./lexicon/phrases.ts";
import { tokenizeText } from "./scoring/tokenize-text.ts";
import { weighContext } from "./scoring/weigh-context.ts";

export type SentimentLabel = "positive" | "neutral" | "negative";

export type TextSentiment = {
  label: SentimentLabel;
  score: number;
  confidence: number;
  tokens: { positive: string[]; negative: string[] };
};

/** Below this |score| a text is neutral: about one weak word. Set on the tune part of the labelled texts. */
export const LABEL_THRESHOLD = 0.2;

const LANGUAGE = "crypto";
const SCORE_SOFTNESS = 15;
const EVIDENCE_SOFTNESS = 2;
const SILENT_WORDS = 20;
const SILENT_CEILING = 0.3;
const REPEAT_DECAY = 0.5;

const english: { labels: Record<string, number> } = createRequire(import.meta.url)(
  "sentiment/languages/en/index.js",
);
const lexicon: Record<string, number> = {
  ...Object.fromEntries(PHRASE_WEIGHTS),
  ...buildLexicon(english.labels),
  ...EMOJI_WEIGHTS,
};
const knownWords: ReadonlySet<string> = new Set(Object.keys(lexicon));
const analyzer = new Sentiment();
analyzer.registerLanguage(LANGUAGE, { labels: lexicon });

export function scoreText(text: string): TextSentiment {
  const tokens = tokenizeText(text, isKnown);
  if (tokens.length === 0)
    return { label: "neutral", score: 0, confidence: 0, tokens: { positive: [], negative: [] } };
  const keys = tokens.map((token) => token.key);
  const weights = weighContext(keys, lookUp(keys));

  const positive: string[] = [];
  const negative: string[] = [];
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
    (weight > 0 ? positive : negative).push(token.shown);
  });

  const score = soften(good - bad);
  const label = score >= LABEL_THRESHOLD ? "positive" : score <= -LABEL_THRESHOLD ? "negative" : "neutral";
  const confidence = confidenceOf(label, good, bad, keys.length);
  return { label, score, confidence, tokens: { positive, negative } };
}

/** x / sqrt(x² + 15), the normalisation of VADER (Hutto and Gilbert, 2014): odd, monotone, within ±1. */
function soften(sum: number): number {
  return sum / Math.sqrt(sum * sum + SCORE_SOFTNESS);
}

function confidenceOf(label: SentimentLabel, good: number, bad: number, length: number): number {
  const total = good + bad + EVIDENCE_SOFTNESS;
  if (label !== "neutral") return Math.abs(good - bad) / total;
  const silence = (SILENT_CEILING * length) / (length + SILENT_WORDS);
  return Math.max(silence * (EVIDENCE_SOFTNESS / total), (2 * Math.min(good, bad)) / total);
}

function isKnown(word: string): boolean {
  return knownWords.has(word);
}

/**
 * The lexicon's weight of every token, 0 where it has none. Only known tokens are given to the analyzer, whose
 * `calculation` lists them last one first.
 */
function lookUp(keys: readonly string[]): number[] {
  const known = keys.filter(isKnown);
  if (known.length === 0) return keys.map(() => 0);
  const { calculation } = analyzer.analyze(known.join(" "), { language: LANGUAGE });
  let next = calculation.length;
  return keys.map((key) => (isKnown(key) ? (calculation[--next]?.[key] ?? 0) : 0));
}
