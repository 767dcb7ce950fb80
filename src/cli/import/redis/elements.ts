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
  const state: State = { at: 0, depth: 0, inText: false };
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const part: Buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    while (findEdge(part, state)) {
      const edge = state.at++;
      if (part[edge] === OPEN_ARRAY) start = edge + 1;
      else {
        const element = part.toString("utf8", start, edge).trim();
        start = edge + 1;
        if (element !== "" || part[edge] === COMMA) yield element;
      }
    }
    rest = part.subarray(start);
    state.at -= start;
  }
  if (state.depth !== OVER) throw new NotAnArray("breaks off in the middle");
}

/** How far a value has been read. */
interface State {
  at: number;
  depth: number;
  inText: boolean;
}
const OVER = -1;

/**
 * Moves on to where the array opens, to a comma between two elements, or to where it closes.
 * A plain loop over bytes with nothing else in it: in the generator itself it takes half as long again.
 * @returns false where the part holds no further one.
 */
function findEdge(part: Buffer, state: State): boolean {
  let { at, depth, inText } = state;
  let isFound = false;
  for (; at < part.length && !isFound; at++) {
    const code = part[at] as number;
    if (inText) {
      if (code === QUOTE) inText = false;
      else if (code === BACKSLASH) at++;
    } else if (depth === OVER) {
      if (!isSpace(code)) throw new NotAnArray("has something behind its end");
    } else if (code === QUOTE) inText = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) isFound = depth++ === 0;
    else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      isFound = --depth === 0;
      if (isFound) depth = OVER;
    } else if (code === COMMA) isFound = depth === 1;
  }
  state.at = isFound ? at - 1 : at;
  state.depth = depth;
  state.inText = inText;
  return isFound;
}
