const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN = [91, 123];
const CLOSE = [93, 125];

/**
 * The line, from 1, on which each element of an array starts: parsers do not keep it, and a person who has to mend a
 * row looks for it.
 * @param text valid JSON: an array, or with `key` an object that holds the array under that key.
 */
export function elementLines(text: string, key?: string): number[] {
  const lines: number[] = [];
  const arrayDepth = key === undefined ? 1 : 2;
  let depth = 0;
  let line = 1;
  let lastKey = "";
  let inArray = key === undefined;
  let awaited = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) line++;
    if (code <= 32) continue;
    if (awaited && !CLOSE.includes(code)) lines.push(line);
    awaited = false;
    if (code === QUOTE) {
      const end = closingQuote(text, at);
      if (depth === 1) lastKey = text.slice(at, end + 1);
      at = end;
    } else if (OPEN.includes(code)) awaited = ++depth === arrayDepth && inArray;
    else if (CLOSE.includes(code)) depth--;
    else if (code === COMMA) awaited = depth === arrayDepth && inArray;
    else if (code === COLON && depth === 1) inArray = JSON.parse(lastKey) === key;
  }
  return lines;
}

function closingQuote(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
