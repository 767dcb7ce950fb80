import { COINS, type Coin } from "./coins.ts";

interface Spelling {
  /** In lower case. */
  text: string;
  symbol: string;
  /** The one spelling that counts; absent: any. */
  exact?: string;
}

const SPELLINGS = COINS.flatMap(spellingsOf);
const byText = new Map<string, Spelling[]>();
for (const spelling of SPELLINGS) byText.set(spelling.text, [...(byText.get(spelling.text) ?? []), spelling]);

// The longest first, so that "Bitcoin Cash" is read whole and is no news about bitcoin.
const ANY_SPELLING = new RegExp(
  `(?<![\\p{L}\\p{N}_$])(?:${[...byText.keys()]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace("$", "\\$").replaceAll(" ", "\\s+"))
    .join("|")})(?=s?(?![\\p{L}\\p{N}_]))`,
  "giu",
);

/** The symbols of the coins that a text names, each once, in the order in which they come. */
export function matchCoins(text: string): string[] {
  const symbols = new Set<string>();
  for (const [match] of text.matchAll(ANY_SPELLING)) {
    const written = match.replace(/\s+/g, " ");
    const named = byText
      .get(written.toLowerCase())
      ?.find(({ exact }) => exact === undefined || exact === written);
    if (named !== undefined) symbols.add(named.symbol);
  }
  return [...symbols];
}

function spellingsOf({ symbol, ticker, names }: Coin): Spelling[] {
  const spellings: Spelling[] = names.map((name) => {
    const text = name.toLowerCase();
    return name === text ? { text, symbol } : { text, symbol, exact: name };
  });
  spellings.push({ text: `$${symbol.toLowerCase()}`, symbol });
  if (ticker === "any") spellings.push({ text: symbol.toLowerCase(), symbol });
  if (ticker === "capitals") spellings.push({ text: symbol.toLowerCase(), symbol, exact: symbol });
  return spellings;
}
