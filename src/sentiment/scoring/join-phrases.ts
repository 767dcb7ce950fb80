import { phraseLengthAt } from "../lexicon/phrases.ts";
import type { Token } from "./token.ts";

/** Joins the longest phrase at each place into one token: `all`, `time`, `high` become `all-time-high`. */
export function joinPhrases(tokens: readonly Token[]): Token[] {
  const keys = tokens.map((token) => token.key);
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length; ) {
    const length = phraseLengthAt(keys, at);
    const token = tokens[at];
    if (length > 1) joined.push(joinTokens(tokens.slice(at, at + length)));
    else if (token !== undefined) joined.push(token);
    at += Math.max(1, length);
  }
  return joined;
}

function joinTokens(parts: readonly Token[]): Token {
  return {
    key: parts.map((part) => part.key).join("-"),
    shown: parts.map((part) => part.shown).join(" "),
    emphasis: Math.max(...parts.map((part) => part.emphasis)),
  };
}
