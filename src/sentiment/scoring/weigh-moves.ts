import { baseAt, REACH, type Reading, rolesAt, weightAt } from "./reading.ts";
import { BOUNDARY, MOVE, Role } from "./word-roles.ts";

/** The least credit for trouble taken away, on the lexicon's scale. */
const RELIEF = 1.5;
const FADED = -0.5;
const END_OF_LOOK = BOUNDARY | Role.separator;

/**
 * Settles the side of a word that has none alone. Rises and falls take the side of what moves ("fees fall",
 * "outflows mount"); resolvers cancel the trouble they take away ("lawsuit dismissed", "fixes the bug").
 */
export function weighMove(reading: Reading, at: number): void {
  const roles = rolesAt(reading, at);
  if ((roles & Role.opponent) !== 0) turnOpponent(reading, at);
  if (isReading(reading, at) || isLeft(reading, at)) {
    reading.weights[at] = 0;
    return;
  }
  const rises = (roles & Role.rise) !== 0;
  const falls = (roles & Role.fall) !== 0;
  const resolves = (roles & Role.resolver) !== 0;
  if (!rises && !falls && !resolves) return;

  const objects = burdensAfter(reading, at, resolves && !falls);
  const own = baseAt(reading, at);
  if (resolves && objects.length > 0) {
    takeAway(reading, at, objects, falls);
    return;
  }
  const subjects = rises || falls || isIntransitive(reading, at) ? burdensBefore(reading, at) : [];
  const burdens = objects.length > 0 ? objects : subjects;
  if (burdens.length > 0 && rises) reading.weights[at] = -Math.abs(own);
  else if (burdens.length > 0) takeAway(reading, at, burdens, falls);
  else if (falls) fadeSubject(reading, at);
}

/** "Confidence 0.52", "support 3,040": a reading, not praise. */
function isReading(reading: Reading, at: number): boolean {
  return (rolesAt(reading, at) & Role.measure) !== 0 && (rolesAt(reading, at + 1) & Role.number) !== 0;
}

/** "Rebounds from a two-year low", "slips from its record high": where a move began takes no side. */
function isLeft(reading: Reading, at: number): boolean {
  if ((rolesAt(reading, at) & Role.extreme) === 0) return false;
  for (let back = at - 1; back >= at - REACH; back--) {
    if ((rolesAt(reading, back) & Role.leaving) !== 0) return true;
  }
  return false;
}

/** The trouble counts no more, and the verb has the credit: its own weight, or the least one. */
function takeAway(reading: Reading, verb: number, burdens: readonly number[], falls: boolean): void {
  for (const burden of burdens) if (baseAt(reading, burden) < 0) reading.weights[burden] = 0;
  const own = baseAt(reading, verb);
  const size = Math.abs(own);
  // A mere state ("low volatility") earns no more than its own small weight.
  reading.weights[verb] = falls && size < 1 ? size : Math.max(falls ? size : own, RELIEF);
}

/** "Momentum fades", "the bounce fizzles": a good thing that goes away is no good news any more. */
function fadeSubject(reading: Reading, at: number): void {
  for (let back = at - 1; back >= at - (REACH - 1); back--) {
    if ((rolesAt(reading, back) & (END_OF_LOOK | Role.preposition)) !== 0) return;
    const weight = weightAt(reading, back);
    if (weight > 0) reading.weights[back] = weight * FADED;
  }
}

/** "Lawsuit dismissed" and "the probe ends" tell of their subject, "selloff erases gains" of its object. */
function isIntransitive(reading: Reading, at: number): boolean {
  const key = reading.keys[at] ?? "";
  return !key.endsWith("s") || (rolesAt(reading, at + 1) & END_OF_LOOK) !== 0;
}

/** "Shorts rekt", "bears trapped": what is bad for them is good here, and the other way round. */
function turnOpponent(reading: Reading, at: number): void {
  for (let next = at + 1; next <= at + REACH; next++) {
    const roles = rolesAt(reading, next);
    if ((roles & END_OF_LOOK) !== 0) return;
    if (baseAt(reading, next) === 0 || (roles & Role.preposition) !== 0) continue;
    if ((roles & (MOVE | Role.resolver)) !== 0) return;
    reading.weights[next] = -baseAt(reading, next);
    reading.weights[at] = 0;
    return;
  }
}

/** The burdens a verb has for its object. A resolver's may be long: "recover $30M stolen in a bridge hack". */
function burdensAfter(reading: Reading, at: number, long: boolean): number[] {
  const found: number[] = [];
  const last = at + (long ? 2 * REACH : REACH);
  for (let next = at + 1; next <= last; next++) {
    const roles = rolesAt(reading, next);
    if ((roles & END_OF_LOOK) !== 0) break;
    if ((roles & Role.burden) !== 0) {
      found.push(next);
      if (!long) break;
    } else if ((roles & Role.preposition) !== 0) {
      const goesOn = long && (found.length > 0 || (roles & Role.number) !== 0);
      if (!goesOn) break;
    }
  }
  return found;
}

/** Every burden of the subject, nearest first: both of "fears of contagion ease". */
function burdensBefore(reading: Reading, at: number): number[] {
  const found: number[] = [];
  const level = (rolesAt(reading, at) & Role.extreme) !== 0;
  // "Inflation sinks bitcoin": the move is the object's.
  if (!level && (rolesAt(reading, at + 1) & Role.asset) !== 0) return found;
  const stop = level ? Role.sentenceEnd | Role.separator : END_OF_LOOK | Role.carrier | MOVE;
  const first = at - (level ? 2 * REACH : REACH + 1);
  for (let back = at - 1; back >= first && back >= 0; back--) {
    const roles = rolesAt(reading, back);
    if ((roles & Role.burden) !== 0) found.push(back);
    else if ((roles & stop) !== 0) break;
    else if ((roles & Role.asset) !== 0 && !isAttribute(reading, back)) break;
  }
  return found;
}

/** In "outflows from bitcoin funds slow" bitcoin only says which outflows. */
function isAttribute(reading: Reading, at: number): boolean {
  const before = (at > 0 ? rolesAt(reading, at - 1) : 0) | (at > 1 ? rolesAt(reading, at - 2) : 0);
  return (before & Role.preposition) !== 0 || reading.keys[at - 1] === "of" || reading.keys[at - 2] === "of";
}
