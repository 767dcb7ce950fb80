import { baseAt, REACH, type Reading, rolesAt, weightAt } from "./reading.ts";
import { BOUNDARY, Role } from "./word-roles.ts";

/** "Not good" is nearly bad, "not bad" only fairly good. */
const NEGATED_GOOD = -0.8;
const NEGATED_BAD = -0.6;
const SPOILER_REACH = 3;

/**
 * By what a token is multiplied for the negators ("isn't", "no longer") and spoilers ("failed to", "lacks") that
 * reach it; 1 where none does. A spoiler gives up its own side where that is not the side it brings about.
 */
export function negationOf(reading: Reading, at: number): number {
  const own = baseAt(reading, at);
  let factor = (rolesAt(reading, at + 1) & Role.nothing) !== 0 ? NEGATED_GOOD : 1;
  let spoilable = true;
  for (let back = at - 1; back >= at - REACH; back--) {
    const roles = rolesAt(reading, back);
    if ((roles & (BOUNDARY | Role.turn | Role.concession)) !== 0) break;
    const negates = (roles & Role.negator) !== 0;
    const spoils = !negates && spoilable && at - back <= SPOILER_REACH && spoilsAt(reading, back, at);
    if (!negates && !spoils) {
      if ((roles & Role.separator) !== 0 && reading.keys[back] !== "and") break;
      // "Stop buying this trash": a spoiler does not reach past a number or an object of the other side.
      const past = (roles & Role.number) !== 0 || baseAt(reading, back) * own < 0;
      if (past && (roles & Role.spoiler) === 0) spoilable = false;
      continue;
    }
    factor *= weightAt(reading, at) * factor > 0 ? NEGATED_GOOD : NEGATED_BAD;
    if (spoils) {
      if (own * factor * weightAt(reading, back) < 0) reading.weights[back] = 0;
      break;
    }
    if (reading.keys[back] === "nor") break;
  }
  return factor;
}

/** A verb that was counted as taking this trouble away does not take it away twice. */
function spoilsAt(reading: Reading, verb: number, at: number): boolean {
  const roles = rolesAt(reading, verb);
  if ((roles & Role.spoiler) === 0) return false;
  const troubled = (rolesAt(reading, at) & Role.burden) !== 0;
  return !(troubled && (roles & (Role.resolver | Role.fall)) !== 0);
}
