const MAX_BYTES = 256 * 1024 * 1024;
/** What a short text takes beside its characters. */
const TEXT_BYTES = 40;

/**
 * Turns a list round that has its newest element first, as the old playground's have. The texts are held, not the parsed
 * rows, so that reading them goes hand in hand with writing. A list that memory should not hold (256 MB) comes as it is.
 */
export async function* oldestFirst(
  elements: AsyncIterable<string>,
): AsyncGenerator<{ text: string; index: number }> {
  let held: string[] | undefined = [];
  let bytes = 0;
  let index = 0;
  for await (const text of elements) {
    if (held === undefined) {
      yield { text, index: index++ };
      continue;
    }
    held.push(text);
    bytes += text.length + TEXT_BYTES;
    if (bytes <= MAX_BYTES) continue;
    for (const one of held) yield { text: one, index: index++ };
    held = undefined;
  }
  if (held === undefined) return;
  for (let last = held.length - 1; last >= 0; last--) yield { text: held[last] as string, index: last };
}
