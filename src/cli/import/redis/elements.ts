const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13);

/** A value that cannot be taken apart; the message says what is wrong with it, as the end of a sentence. */
export class NotAnArray extends Error {
  override name = "NotAnArray";
}

/**
 * The elements of a JSON array, each as its own JSON text, out of pieces that may break anywhere: memory holds one piece
 * and one element. Nothing at all, and the literal `null`, have none. An array that was encoded twice, as a JSON string,
 * is taken too.
 * @throws NotAnArray where the value is something else, or breaks off.
 */
export async function* elements(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const parts = pieces[Symbol.asyncIterator]();
  const start = await parts.next();
  if (start.done === true) return;
  const text = start.value.toString("latin1", 0, 64).trim();
  if (text === "" || text === "null") return;
  const all = joined(start.value, parts);
  if (text.startsWith("[")) yield* split(all);
  else if (text.startsWith('"')) yield* split(encodedTwice(all));
  else
    throw new NotAnArray(
      `holds ${text.startsWith("{") ? "an object" : "no JSON"}, where an array is expected`,
    );
}

async function* joined(start: Buffer, more: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  for (let next = await more.next(); next.done !== true; next = await more.next()) yield next.value;
}

async function* encodedTwice(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  const inner = parsed(Buffer.concat(all).toString("utf8"));
  if (typeof inner !== "string" || !inner.trim().startsWith("[")) {
    throw new NotAnArray("holds a text, where an array is expected");
  }
  yield Buffer.from(inner);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function* split(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let depth = 0;
  let inText = false;
  let escaped = false;
  let isOver = false;
  for await (const piece of pieces) {
    const part: Buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let at = rest.length; at < part.length; at++) {
      const code = part[at] as number;
      if (inText) {
        if (escaped) escaped = false;
        else if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) inText = false;
      } else if (isOver) {
        if (!isSpace(code)) throw new NotAnArray("has something behind its end");
      } else if (code === QUOTE) inText = true;
      else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
        if (depth++ === 0) start = at + 1;
      } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
        if (--depth > 0) continue;
        isOver = true;
        const last = part.toString("utf8", start, at).trim();
        start = at + 1;
        if (last !== "") yield last;
      } else if (code === COMMA && depth === 1) {
        const element = part.toString("utf8", start, at).trim();
        start = at + 1;
        yield element;
      }
    }
    rest = part.subarray(start);
  }
  if (!isOver) throw new NotAnArray("breaks off in the middle");
}
