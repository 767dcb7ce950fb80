import { PROTOTYPES } from "./prototypes.ts";

const prototypes = readPrototypes();
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const MAX_REMEMBERED = 10_000;
const remembered = new Map<string, string[]>();

/**
 * What a name looks like: two names that share one of these may be taken for one another. It is the skeleton of Unicode
 * TS 39 without regard to case, once folded before and once after, since `I` looks like `l` and is the same letter as `i`.
 */
export function looksOf(name: string): string[] {
  const before = remembered.get(name);
  if (before !== undefined) return before;
  const folded = skeleton(fold(name));
  const seen = skeleton(fold(skeleton(name)));
  const looks = folded === seen ? [folded] : [folded, seen];
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(name, looks);
  return looks;
}

/** Compatible forms, such as wide letters, are the plain ones; lower case of the upper, since ß is SS in capitals. */
const fold = (text: string) => text.normalize("NFKD").toUpperCase().toLowerCase();

function skeleton(text: string): string {
  const visible = text.normalize("NFD").replace(INVISIBLE, "");
  return Array.from(visible, (character) => prototypes.get(character) ?? character)
    .join("")
    .normalize("NFD");
}

function readPrototypes(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const character = (code: string) => String.fromCodePoint(Number.parseInt(code, 36));
  for (const group of PROTOTYPES.split(/[;\n]/)) {
    const [to = "", from = ""] = group.split(":");
    const prototype = to.split("+").map(character).join("");
    for (const code of from.split(",")) found.set(character(code), prototype);
  }
  return found;
}
