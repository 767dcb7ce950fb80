const DOUBLING = "+";

/**
 * The regular forms of an English verb: `"surge"` gives surge, surges, surged, surging. A trailing `+` says
 * that the last consonant doubles: `"drop+"` gives drop, drops, dropped, dropping.
 */
export function inflectVerb(marked: string): string[] {
  const doubles = marked.endsWith(DOUBLING);
  const verb = doubles ? marked.slice(0, -1) : marked;
  if (doubles) {
    const stem = verb + verb.slice(-1);
    return [verb, `${verb}s`, `${stem}ed`, `${stem}ing`];
  }
  if (/[^aeiou]y$/.test(verb)) {
    const stem = verb.slice(0, -1);
    return [verb, `${stem}ies`, `${stem}ied`, `${verb}ing`];
  }
  if (verb.endsWith("e") && !verb.endsWith("ee")) {
    const stem = verb.slice(0, -1);
    return [verb, `${verb}s`, `${verb}d`, `${stem}ing`];
  }
  const third = /(?:s|x|z|ch|sh)$/.test(verb) ? `${verb}es` : `${verb}s`;
  return [verb, third, `${verb}ed`, `${verb}ing`];
}

/** The words of a whitespace-separated list. */
export function wordList(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== "");
}

/** All regular forms of a whitespace-separated list of verbs. */
export function verbForms(list: string): string[] {
  return wordList(list).flatMap(inflectVerb);
}
