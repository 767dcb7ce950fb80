const ESCAPE = /%[0-9A-Fa-f]{2}/;

/**
 * A name as it was meant: names went into REST URLs, so they may be percent-encoded; a number becomes its text, and
 * spaces around go. What is neither text nor number stays, for the contract to refuse.
 */
export function plainName(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return value;
  return decodeEscapes(value).trim();
}

function decodeEscapes(text: string): string {
  if (!ESCAPE.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An id as text; the ids themselves are never changed. */
export function plainId(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}

/** A word of a small vocabulary: `BUY` and `long` are `buy`. Unknown words stay, for the contract to refuse. */
export function plainWord(value: unknown, vocabulary: Readonly<Record<string, string>>): unknown {
  if (typeof value !== "string") return value;
  return vocabulary[value.trim().toLowerCase()] ?? value;
}
