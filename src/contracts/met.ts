const SHOWN = 40;

/** The value that was met, for the end of a refusal's sentence: `, not "LONG"`. Short, on one line, and printable. */
export function notMet(value: unknown): string {
  const text = typeof value === "object" && value !== null ? kindOf(value) : JSON.stringify(value);
  return text === undefined ? "" : `, not ${printable(text)}`;
}

const kindOf = (value: object) => (Array.isArray(value) ? "an array" : "an object");

function printable(text: string): string {
  const plain = text.slice(0, 4 * SHOWN).replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?");
  const characters = [...plain];
  return characters.length <= SHOWN && text.length <= 4 * SHOWN
    ? plain
    : `${characters.slice(0, SHOWN).join("")}…`;
}
