import { Parser } from "htmlparser2";

/** So much markup is read; what lies behind it would not be shown anyway. */
const MAX_MARKUP = 20_000;
const MAX_ROUNDS = 5;
const SILENT = new Set([
  "script",
  "style",
  "template",
  "noscript",
  "iframe",
  "object",
  "svg",
  "head",
  "textarea",
]);
const BLOCKS = new Set(
  "p div br hr li ul ol dl dt dd tr td th table h1 h2 h3 h4 h5 h6 blockquote pre section article figure figcaption".split(
    " ",
  ),
);
const MARKUP = /<[a-z!/?]/i;
const ENTITY = /&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i;
// Control characters, and the ones that turn the direction of the text around them.
const INVISIBLE = /[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * The text that a reader of this HTML sees, on one line: entities decoded, no tag, script or control character left.
 * @param maxLength characters kept, as people count them; an ellipsis stands for the rest.
 */
export function plainText(html: string, maxLength: number): string {
  let text = html.slice(0, MAX_MARKUP);
  // Feeds escape once, twice or not at all, so what comes out may be markup again.
  for (
    let round = 0;
    round < MAX_ROUNDS && (round === 0 || MARKUP.test(text) || ENTITY.test(text));
    round++
  ) {
    // Before the next look at it: a character that nobody sees could keep a tag from being seen.
    text = visibleText(text).replace(/\s+/g, " ").replace(INVISIBLE, "");
  }
  while (MARKUP.test(text)) text = text.replace(/<(?=[a-z!/?])/gi, "");
  return shorten(text.toWellFormed().replace(/\s+/g, " ").trim(), maxLength);
}

function visibleText(html: string): string {
  let text = "";
  let silence = 0;
  const parser = new Parser(
    {
      onopentagname(name) {
        if (SILENT.has(name)) silence++;
        else if (BLOCKS.has(name)) text += " ";
      },
      ontext(piece) {
        if (silence === 0) text += piece;
      },
      onclosetag(name) {
        if (SILENT.has(name)) silence--;
        else if (BLOCKS.has(name)) text += " ";
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return text;
}

function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const characters = [...text];
  return characters.length <= maxLength
    ? text
    : `${characters
        .slice(0, maxLength - 1)
        .join("")
        .trimEnd()}…`;
}
