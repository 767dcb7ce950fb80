import { joinPhrases } from "./join-phrases.ts";
import { normalizeText } from "./normalize-text.ts";
import { numberToken } from "./number-token.ts";
import type { Token } from "./token.ts";
import { Key } from "./word-roles.ts";

export type IsKnown = (key: string) => boolean;

const APOSTROPHE = 39;
const CAPS_EMPHASIS = 1.2;
const STRETCHED_EMPHASIS = 1.2;

// Sticky, each entered by its first character alone, and none can match the same text in two ways: linear.
const WORD = /[\p{L}\p{M}\p{N}]+(?:'\p{L}+)*/uy;
const NUMBER = /[+−-]?[$€£]?[+−-]?\d+(?:[.,]\d+)*(?:\s?(?:%|(?:percent|pct)\b)|\p{L}*)/uy;
const CASHTAG = /\$[A-Za-z][A-Za-z0-9]*/y;
const HASHTAG = /#[\p{L}\p{N}_]+/uy;
const MENTION = /@\w+/y;
const FACE = /[:;=]'?-?[()DP/\\](?![A-Za-z0-9])|<3/y;
const SENTENCE_END = /[.!?\n\r]+/y;
const EMOJI = /\p{Extended_Pictographic}/uy;
const DASH = /[-–—]/y;

const PAUSES = ',;:()[]"|';

/** A text being read: `at` is the next character. `lower` is the text in lower case, place by place. */
type Scan = { text: string; lower: string; at: number; tokens: Token[]; shouts: boolean; isKnown: IsKnown };

/**
 * Turns text into tokens: phrases joined, cashtags and amounts made neutral, percentages kept with sign and
 * size, hashtags opened, stretched words shortened where that makes a known one. Linear in the text's length.
 */
export function tokenizeText(text: string, isKnown: IsKnown): Token[] {
  const plain = normalizeText(text);
  const lower = plain.toLowerCase();
  const scan: Scan = {
    text: plain,
    // A few foreign capitals become two characters, which would shift all places behind them.
    lower: lower.length === plain.length ? lower : plain.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    at: 0,
    tokens: [],
    shouts: plain === plain.toUpperCase(),
    isKnown,
  };
  while (scan.at < plain.length) {
    const start = scan.at;
    readNext(scan, plain.charAt(start), plain.charCodeAt(start));
    if (scan.at === start) scan.at++;
  }
  return joinPhrases(scan.tokens);
}

function readNext(scan: Scan, char: string, code: number): void {
  if (char === " ") return;
  if (isAsciiLetter(code)) readWord(scan, asciiWordEnd(scan.text, scan.at));
  else if (isDigit(code) || "+-−$€£".includes(char)) readAmount(scan, char);
  else if (char === "#") readHashtag(scan);
  else if (char === "@") take(scan, MENTION);
  else if (".!?\n\r".includes(char)) readEnd(scan);
  else if (":;=<".includes(char)) readFace(scan, char);
  else if (PAUSES.includes(char)) mark(scan, Key.clauseEnd);
  else if (code > 127) readForeign(scan);
}

/** What a sticky pattern finds at the next character, which is then behind it. */
function take(scan: Scan, pattern: RegExp): string | undefined {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text)?.[0];
  if (found !== undefined) scan.at += found.length;
  return found;
}

function add(scan: Scan, key: string, shown: string): void {
  scan.tokens.push({ key, shown, emphasis: 1 });
}

function mark(scan: Scan, key: string): void {
  add(scan, key, "");
}

function readAmount(scan: Scan, char: string): void {
  const before = scan.text[scan.at - 1];
  const after = scan.text[scan.at + 1];
  const amount = take(scan, NUMBER);
  if (amount !== undefined) scan.tokens.push(numberToken(amount, before));
  else if (char === "$" && take(scan, CASHTAG) !== undefined) mark(scan, Key.coin);
  else if (char === "-" && before === " " && after === " ") mark(scan, Key.clauseEnd);
}

function readEnd(scan: Scan): void {
  mark(scan, take(scan, SENTENCE_END)?.includes("?") ? Key.question : Key.sentenceEnd);
}

function readFace(scan: Scan, char: string): void {
  const face = take(scan, FACE);
  if (face !== undefined) add(scan, face === "<3" || /[)DP]$/.test(face) ? "face-happy" : "face-sad", face);
  else if (PAUSES.includes(char)) mark(scan, Key.clauseEnd);
}

function readForeign(scan: Scan): void {
  const emoji = take(scan, EMOJI);
  if (emoji !== undefined) add(scan, emojiKey(emoji), emoji);
  else if (take(scan, DASH) !== undefined) mark(scan, Key.clauseEnd);
  else readWord(scan, undefined);
}

function readHashtag(scan: Scan): void {
  const name = take(scan, HASHTAG)?.slice(1) ?? "";
  const joined = name.replaceAll("_", "").toLowerCase();
  if (scan.isKnown(joined)) {
    add(scan, joined, joined);
    return;
  }
  const parts = name
    .replace(/(\p{Ll})(?=\p{Lu})/gu, "$1_")
    .toLowerCase()
    .split("_");
  for (const part of parts) if (part !== "") add(scan, part, part);
}

/** Reads a word that ends at `end`, or where the slower pattern for all alphabets says. */
function readWord(scan: Scan, end: number | undefined): void {
  const start = scan.at;
  if (end !== undefined) scan.at = end;
  else if (take(scan, WORD) === undefined) return;
  const shown = scan.lower.slice(start, scan.at);
  const bare = shown.includes("'") ? withoutApostrophes(shown) : shown;
  const key = unstretch(bare, scan.isKnown);
  const loud = !scan.shouts && isLoud(scan.text, start, scan.at);
  const emphasis = (loud ? CAPS_EMPHASIS : 1) * (key === bare ? 1 : STRETCHED_EMPHASIS);
  scan.tokens.push({ key, shown, emphasis });
}

function isLoud(text: string, start: number, end: number): boolean {
  if (end - start < 3 || !isCapital(text.charCodeAt(start)) || !isCapital(text.charCodeAt(start + 1)))
    return false;
  const word = text.slice(start, end);
  return word === word.toUpperCase();
}

/** Where a word of ASCII letters and digits ends; undefined where other letters or an apostrophe go on. */
function asciiWordEnd(text: string, start: number): number | undefined {
  let end = start + 1;
  let code = text.charCodeAt(end);
  while (isAsciiLetter(code) || isDigit(code)) code = text.charCodeAt(++end);
  return code > 127 || code === APOSTROPHE ? undefined : end;
}

/** The lexicon's key of an emoji. */
export function emojiKey(emoji: string): string {
  return `emoji-${emoji.codePointAt(0)?.toString(16)}`;
}

/** After these words `'s` is a verb ("it's over"), after all others an owner. */
const CONTRACTED = /^(?:it|that|there|here|he|she|who|what|how|where|let)'s$/;

function withoutApostrophes(word: string): string {
  const owned = word.endsWith("'s") && !CONTRACTED.test(word);
  return (owned ? word.slice(0, -2) : word).replaceAll("'", "");
}

/** "moooon" is moon and "rekttt" is rekt: the first shortening that is a known word wins. */
function unstretch(word: string, isKnown: IsKnown): string {
  if (!hasTriple(word) || isKnown(word)) return word;
  const doubled = word.replace(/(\p{L})\1{2,}/gu, "$1$1");
  const shortTail = doubled.replace(/(\p{L})\1$/u, "$1");
  const single = word.replace(/(\p{L})\1{2,}/gu, "$1");
  return [doubled, shortTail, single].find(isKnown) ?? word;
}

function hasTriple(word: string): boolean {
  for (let at = 2; at < word.length; at++) {
    const code = word.charCodeAt(at);
    if (code === word.charCodeAt(at - 1) && code === word.charCodeAt(at - 2)) return true;
  }
  return false;
}

function isAsciiLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
