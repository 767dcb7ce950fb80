import { REACH, type Reading, rolesAt } from "./reading.ts";
import { BOUNDARY, Key, MOVE, Role } from "./word-roles.ts";

const INTENSIFIED = 1.3;
const DIMINISHED = 0.6;
/** By what a move is multiplied when its percentage is under 1, under 10, or more. */
const MOVE_SIZES: Readonly<Record<string, number>> = {
  [Key.percentUnder1]: 0.35,
  [Key.percentUnder10]: 1.2,
  [Key.percentOver10]: 1.5,
};

/** How much more or less a token weighs for the adverb before it and, for a move, the percentage after it. */
export function weighDegree(reading: Reading, at: number): number {
  const near = adverb(rolesAt(reading, at - 1));
  const far = adverb(rolesAt(reading, at - 2));
  return (near === 1 ? Math.sqrt(far) : near) * moveSize(reading, at);
}

function adverb(roles: number): number {
  if ((roles & Role.intensifier) !== 0) return INTENSIFIED;
  return (roles & Role.diminisher) !== 0 ? DIMINISHED : 1;
}

function moveSize(reading: Reading, at: number): number {
  if ((rolesAt(reading, at) & MOVE) === 0) return 1;
  for (let next = at + 1; next <= at + REACH; next++) {
    const roles = rolesAt(reading, next);
    if ((roles & (BOUNDARY | Role.separator)) !== 0) return 1;
    if ((roles & Role.percent) !== 0) return MOVE_SIZES[reading.keys[next] ?? ""] ?? 1;
  }
  return 1;
}
