import { type Block, countOf, elementAt, NotAnArray } from "./elements.ts";

const MAX_BYTES = 256 * 1024 * 1024;
/** What an element's edges take. */
const EDGE_BYTES = 16;

/** Elements to be taken one after the other. */
export interface Stretch {
  elements: Iterable<{ text: string; index: number }>;
  /** How much of the list came before the one of this index, 0 to 1. */
  shareBefore(index: number): number;
}

/**
 * Turns a list round that has its newest element first, as the old playground's have. Its bytes are held, and neither
 * texts nor parsed rows, so that a list takes the memory that it takes in Redis, and reading it goes hand in hand with
 * writing. A list that memory should not hold (256 MB) comes as it is.
 * @param size bytes of the whole list.
 * @throws NotAnArray where the list is damaged, once what stands before the damage has been taken.
 */
export async function* oldestFirst(blocks: AsyncIterable<Block>, size: number): AsyncGenerator<Stretch> {
  let held: Block[] | undefined = [];
  let bytes = 0;
  let count = 0;
  let read = 0;
  const asItIs = (block: Block): Stretch => {
    const share = Math.min(1, read / size);
    const stretch = { elements: forwards(block, count), shareBefore: () => share };
    count += countOf(block);
    read += block.bytes.length;
    return stretch;
  };
  let damage: NotAnArray | undefined;
  try {
    for await (const block of blocks) {
      if (held === undefined) {
        yield asItIs(block);
        continue;
      }
      held.push(block);
      bytes += block.bytes.length + EDGE_BYTES * countOf(block);
      if (bytes <= MAX_BYTES) continue;
      for (const one of held) yield asItIs(one);
      held = undefined;
    }
  } catch (error) {
    if (held === undefined || !(error instanceof NotAnArray)) throw error;
    damage = error;
  }
  if (held === undefined) return;
  const all = held.reduce((sum, block) => sum + countOf(block), 0);
  let first = all;
  // What has been taken is let go.
  for (let block = held.pop(); block !== undefined; block = held.pop()) {
    first -= countOf(block);
    yield { elements: backwards(block, first), shareBefore: (index) => 1 - (index + 1) / all };
  }
  if (damage !== undefined) throw damage;
}

function* forwards(block: Block, first: number) {
  for (let n = 0; n < countOf(block); n++) yield { text: elementAt(block, n), index: first + n };
}

function* backwards(block: Block, first: number) {
  for (let n = countOf(block) - 1; n >= 0; n--) yield { text: elementAt(block, n), index: first + n };
}
