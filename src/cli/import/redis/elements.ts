const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
/** So much of a value shows whether it is an array. */
const SHOWN_BYTES = 64;
const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13);

/** A value that cannot be taken apart; the message says what is wrong with it, as the end of a sentence. */
export class NotAnArray extends Error {
  override name = "NotAnArray";
}

/** Elements of an array that came together: the bytes of all, and where each starts and ends. */
export interface Block {
  bytes: Buffer;
  /** Start and end by turns. */
  edges: number[];
}

export const countOf = ({ edges }: Block) => edges.length / 2;

/** The JSON text of a block's element. */
export function elementAt({ bytes, edges }: Block, n: number): string {
  return bytes.toString("utf8", edges[2 * n], edges[2 * n + 1]).trim();
}

/**
 * The elements of a JSON array, out of pieces that may break anywhere: memory holds one piece and what of an element
 * stood before it. Nothing at all, and the literal `null`, have none. An array that was encoded twice, as a JSON string,
 * is taken too.
 * @throws NotAnArray where the value is something else, or breaks off: after the elements that are whole.
 */
export async function* blocksOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  const parts = pieces[Symbol.asyncIterator]();
  const start = await beginning(parts);
  const text = start.toString("latin1", 0, SHOWN_BYTES).trim();
  if (text === "" || text === "null") return;
  const all = joined(start, parts);
  if (text.startsWith("[")) yield* split(all);
  else if (text.startsWith('"')) yield* split(encodedTwice(all));
  else
    throw new NotAnArray(
      `holds ${text.startsWith("{") ? "an object" : "no JSON"}, where an array is expected`,
    );
}

/** What stands behind leading blanks: as much as shows what kind of value it is, or all that there is. */
async function beginning(parts: AsyncIterator<Buffer>): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < SHOWN_BYTES) {
    const next = await parts.next();
    if (next.done === true) break;
    const piece: Buffer = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
    const at = piece.findIndex((code) => !isSpace(code));
    start = at === -1 ? start : piece.subarray(at);
  }
  return start;
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

async function* split(pieces: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  const state: State = { at: 0, depth: 0, inText: false, isOverrun: false };
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    // The rest is read all the same: a value that was changed meanwhile looks like this too, and that is told at its end.
    if (state.isOverrun) continue;
    const bytes: Buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const edges: number[] = [];
    let start = 0;
    while (findEdge(bytes, state)) {
      const edge = state.at++;
      const isElement = bytes[edge] === COMMA || (state.depth === OVER && !isBlank(bytes, start, edge));
      if (isElement) edges.push(start, edge);
      start = edge + 1;
    }
    if (edges.length > 0) yield { bytes, edges };
    rest = bytes.subarray(start);
    state.at -= start;
  }
  if (state.isOverrun) throw new NotAnArray("has something behind its end");
  if (state.depth !== OVER) throw new NotAnArray("breaks off in the middle");
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(bytes[at] as number)) return false;
  return true;
}

/** How far a value has been read. */
interface State {
  at: number;
  depth: number;
  inText: boolean;
  /** Whether there is something behind the array. */
  isOverrun: boolean;
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
      if (isSpace(code)) continue;
      state.isOverrun = true;
      break;
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
