import { rolesAt, startReading, weightAt } from "./reading.ts";
import { weighDegree } from "./weigh-degree.ts";
import { weighMove } from "./weigh-moves.ts";
import { negationOf } from "./weigh-negation.ts";
import { weighSentences } from "./weigh-sentences.ts";

/**
 * The weight of each token in its context, from its weight in the lexicon (0 where it has none). In this order:
 * what a move is said of ("fees fall", "drops the case"), negation ("not bad", "failed to rally"), degree ("up
 * 0.2%", "very"), and what the sentence does with it (turned by "but", conceded, asked, only supposed).
 */
export function weighContext(keys: readonly string[], base: readonly number[]): number[] {
  const reading = startReading(keys, base);
  for (let at = 0; at < keys.length; at++) if (rolesAt(reading, at) !== 0) weighMove(reading, at);
  for (let at = 0; at < keys.length; at++) {
    if (weightAt(reading, at) === 0) continue;
    const factor = negationOf(reading, at);
    reading.weights[at] = weightAt(reading, at) * factor * weighDegree(reading, at);
  }
  weighSentences(reading);
  return reading.weights;
}
