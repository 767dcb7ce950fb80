import { BOUNDARY, rolesOf } from "./word-roles.ts";

/** A text on its way to a score: by position, what each token is, does and weighs. */
export type Reading = {
  readonly keys: readonly string[];
  readonly roles: readonly number[];
  /** Weights from the lexicon, 0 where it has none. */
  readonly base: readonly number[];
  /** Weights in context; the rules write here. */
  readonly weights: number[];
};

/** How many tokens a rule looks back or ahead, which keeps all rules linear in the text's length. */
export const REACH = 4;

export function startReading(keys: readonly string[], base: readonly number[]): Reading {
  return { keys, roles: keys.map(rolesOf), base, weights: [...base] };
}

/** The roles at a position; beyond the text all rules meet a boundary. */
export function rolesAt(reading: Reading, at: number): number {
  return reading.roles[at] ?? BOUNDARY;
}

export function baseAt(reading: Reading, at: number): number {
  return reading.base[at] ?? 0;
}

export function weightAt(reading: Reading, at: number): number {
  return reading.weights[at] ?? 0;
}
