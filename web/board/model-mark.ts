const COLOURS = 8;
/** Outlines in a 16 × 16 box: with the colour they tell 48 models apart, and without it still six. */
const SHAPES = [
  "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z",
  "M2 2h12v12H2z",
  "M8 1l7.5 13.5H.5z",
  "M8 .5L15.5 8L8 15.5L.5 8z",
  "M.5 1.5h15L8 15z",
  "M5.5 1h5v4.5H15v5h-4.5V15h-5v-4.5H1v-5h4.5z",
] as const;

/** How a model looks everywhere: the class that sets its colour, and the outline of its mark. */
export interface ModelMark {
  colour: string;
  shape: string;
}

/** The same for the same name on every page and every day, so that an eye can follow a model. */
export function modelMark(model: string): ModelMark {
  const hash = fnv1a(model);
  return {
    colour: `model-${hash % COLOURS}`,
    shape: SHAPES[Math.floor(hash / COLOURS) % SHAPES.length] ?? SHAPES[0],
  };
}

/** FNV's own offset basis and 81 more: from there the models that everyone knows, and the house bots, have a colour each. */
const OFFSET = 0x811c9dc5 + 81;

/** FNV-1a (Fowler, Noll, Vo), 32 bits, over UTF-16 code units, with a final mix so that the low bits vary. */
function fnv1a(text: string): number {
  let hash = OFFSET;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
