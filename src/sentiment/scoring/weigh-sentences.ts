import { type Reading, rolesAt, weightAt } from "./reading.ts";
import { Role } from "./word-roles.ts";

const BEFORE_TURN = 0.5;
const AFTER_TURN = 1.3;
const CONCEDED = 0.3;
const SUPPOSED = 0.6;
/** "Recovers after a selloff": what came before counts half. */
const BYGONE = 0.5;
/** A real question asks for a side and takes none; a tag question takes one. */
const ASKED = 0.15;
const TAGGED = 0.7;

/** Weakens or strengthens the weights of each sentence by what the sentence does with them, in place. */
export function weighSentences(reading: Reading): void {
  let from = 0;
  for (let at = 0; at <= reading.keys.length; at++) {
    if ((rolesAt(reading, at) & Role.sentenceEnd) === 0) continue;
    weighSentence(reading, from, at);
    from = at + 1;
  }
}

function weighSentence(reading: Reading, from: number, to: number): void {
  const whole = moodOf(reading, from, to);
  const turn = lastTurn(reading, from, to);
  let conceded = 1;
  let supposed = 1;
  let bygone = 1;
  for (let at = from; at < to; at++) {
    const roles = rolesAt(reading, at);
    if ((roles & Role.clauseEnd) !== 0) conceded = 1;
    if ((roles & (Role.clauseEnd | Role.turn)) !== 0) supposed = bygone = 1;
    if ((roles & Role.concession) !== 0) conceded = CONCEDED;
    if ((roles & Role.maybe) !== 0) supposed = SUPPOSED;
    if (reading.keys[at] === "after") bygone = BYGONE;
    const turned = turn === undefined ? 1 : at < turn ? BEFORE_TURN : AFTER_TURN;
    reading.weights[at] = weightAt(reading, at) * whole * turned * conceded * supposed * bygone;
  }
}

function moodOf(reading: Reading, from: number, to: number): number {
  if (reading.keys[from] === "how-to") return ASKED;
  if (to >= reading.keys.length || (rolesAt(reading, to) & Role.question) === 0) return 1;
  const opening = rolesAt(reading, from) | rolesAt(reading, from + 1);
  return (opening & Role.opener) !== 0 ? ASKED : TAGGED;
}

/** The last "but" of a sentence that does not open with it. */
function lastTurn(reading: Reading, from: number, to: number): number | undefined {
  for (let at = to - 1; at > from; at--) if ((rolesAt(reading, at) & Role.turn) !== 0) return at;
  return undefined;
}
