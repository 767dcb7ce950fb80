import * as grammar from "../lexicon/grammar.ts";
import * as moves from "../lexicon/market-moves.ts";

/** What a token does in a sentence, as bits: a token may play several roles. */
export const Role = {
  rise: 1 << 0,
  fall: 1 << 1,
  resolver: 1 << 2,
  spoiler: 1 << 3,
  burden: 1 << 4,
  opponent: 1 << 5,
  asset: 1 << 6,
  carrier: 1 << 7,
  extreme: 1 << 8,
  negator: 1 << 9,
  nothing: 1 << 10,
  intensifier: 1 << 11,
  diminisher: 1 << 12,
  turn: 1 << 13,
  concession: 1 << 14,
  maybe: 1 << 15,
  opener: 1 << 16,
  separator: 1 << 17,
  preposition: 1 << 18,
  measure: 1 << 19,
  number: 1 << 20,
  percent: 1 << 21,
  clauseEnd: 1 << 22,
  sentenceEnd: 1 << 23,
  question: 1 << 24,
  leaving: 1 << 25,
} as const;

/** Where no rule looks further: the end of a clause or sentence, and past the text itself. */
export const BOUNDARY = Role.clauseEnd | Role.sentenceEnd;
export const MOVE = Role.rise | Role.fall;

/** Keys of tokens that are no words; a word's key is made of letters, digits and `-`. */
export const Key = {
  clauseEnd: "|",
  sentenceEnd: "||",
  question: "|q",
  number: "|n",
  percentUnder1: "pct-1",
  percentUnder10: "pct-2",
  percentOver10: "pct-3",
  coin: "|coin",
} as const;

const rolesByKey = new Map<string, number>();

function give(role: number, keys: Iterable<string>): void {
  for (const key of keys) rolesByKey.set(key, (rolesByKey.get(key) ?? 0) | role);
}

for (const [, words] of moves.RISES) give(Role.rise, words);
for (const [, words] of moves.FALLS) give(Role.fall, words);
give(Role.resolver, moves.RESOLVERS);
give(Role.spoiler, moves.SPOILERS);
give(Role.burden, moves.BURDENS);
give(Role.opponent, moves.OPPONENTS);
give(Role.asset, moves.ASSETS);
give(Role.carrier, moves.CARRIERS);
give(Role.extreme, moves.EXTREMES);
give(Role.leaving, moves.LEAVERS);
give(Role.negator, grammar.NEGATORS);
give(Role.nothing, grammar.NOTHINGS);
give(Role.intensifier, grammar.INTENSIFIERS);
give(Role.diminisher, grammar.DIMINISHERS);
give(Role.turn, grammar.TURNS);
give(Role.concession, grammar.CONCESSIONS);
give(Role.maybe, grammar.MAYBES);
give(Role.opener, grammar.QUESTION_OPENERS);
give(Role.separator, grammar.SEPARATORS);
give(Role.preposition, grammar.PREPOSITIONS);
give(Role.measure, grammar.MEASURES);
give(Role.number | Role.preposition, [Key.number]);
give(Role.percent | Role.preposition, [Key.percentUnder1, Key.percentUnder10, Key.percentOver10]);
give(Role.asset, [Key.coin]);
give(Role.clauseEnd, [Key.clauseEnd]);
give(Role.sentenceEnd, [Key.sentenceEnd]);
give(Role.sentenceEnd | Role.question, [Key.question]);

/** The roles of a token, 0 where it has none. */
export function rolesOf(key: string): number {
  return rolesByKey.get(key) ?? 0;
}
