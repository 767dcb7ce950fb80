import { mendName, mendText } from "../../contracts/characters.ts";

const MENDS: Readonly<Record<string, (text: string) => string>> = {
  model: mendName,
  note: mendText,
  text: mendText,
};

/** Takes out of a row's name and texts what may not stand in them, invisible and direction characters, and says so. */
export function repairTexts(record: unknown): { record: unknown; repaired: readonly string[] } {
  if (typeof record !== "object" || record === null) return { record, repaired: [] };
  const mended: Record<string, string> = {};
  for (const [field, mend] of Object.entries(MENDS)) {
    const value = (record as Record<string, unknown>)[field];
    if (typeof value !== "string") continue;
    const text = mend(value);
    if (text !== value) mended[field] = text;
  }
  const repaired = Object.keys(mended).map((field) => `${field}: took out characters that are not seen`);
  return repaired.length === 0 ? { record, repaired } : { record: { ...record, ...mended }, repaired };
}
