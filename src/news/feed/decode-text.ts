const FALLBACK = "windows-1252";
/** An XML declaration is plain ASCII in every encoding that it can name, and stands at the very beginning. */
const DECLARATION_BYTES = 200;

/**
 * A feed's bytes as text. Servers and declarations often name the wrong character set, so bytes that can only be
 * UTF-8 are; then the HTTP header and the XML declaration are believed, and at last Windows-1252, which takes any byte.
 */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const marked = markOf(bytes);
  if (marked !== undefined) return new TextDecoder(marked).decode(bytes);
  const isAscii = bytes.every((byte) => byte < 128);
  const labels = [
    ...(isAscii ? [] : ["utf-8"]),
    /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? "")?.[1],
    declaredEncoding(bytes),
    "utf-8",
  ];
  for (const label of labels) {
    const text = label === undefined ? undefined : decodeAs(label, bytes);
    if (text !== undefined) return text;
  }
  return new TextDecoder(FALLBACK).decode(bytes);
}

/** What a byte order mark says. */
function markOf([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return undefined;
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder(FALLBACK).decode(bytes.subarray(0, DECLARATION_BYTES));
  return /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)/i.exec(start)?.[1];
}

function decodeAs(label: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    // The name is unknown, or the bytes are not what it says.
    return undefined;
  }
}
