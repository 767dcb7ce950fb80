import { createRequire } from "node:module";
import Sentiment from "sentiment";
import { buildLexicon } from "./crypto-lexicon.ts";
import { EMOJI_WEIGHTS } from "./emoji-lexicon.ts";
import { PHRASE_WEIGHTS } from "./phrases.ts";

const LANGUAGE = "crypto";
let weights: ReadonlyMap<string, number> | undefined;

/**
 * What the analyzer says of each known word alone (-5..5), asked once: texts are scored a thousand times as often as
 * words are new. Made at the first call, which takes 30 ms that a command without texts need not spend.
 */
export function wordWeights(): ReadonlyMap<string, number> {
  weights ??= weigh();
  return weights;
}

function weigh(): ReadonlyMap<string, number> {
  const english: { labels: Record<string, number> } = createRequire(import.meta.url)(
    "sentiment/languages/en/index.js",
  );
  const lexicon: Record<string, number> = {
    ...Object.fromEntries(PHRASE_WEIGHTS),
    ...buildLexicon(english.labels),
    ...EMOJI_WEIGHTS,
  };
  const analyzer = new Sentiment();
  analyzer.registerLanguage(LANGUAGE, { labels: lexicon });
  return new Map(
    Object.keys(lexicon).map((word) => [word, analyzer.analyze(word, { language: LANGUAGE }).score]),
  );
}
