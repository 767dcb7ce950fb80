const ASCII = /^[\t\n\r\x20-\x7e]*$/;
const LINK = /\b(?:https?:\/\/|www\.)\S+/gi;

/**
 * Text as the tokenizer expects it: no links, plain apostrophes and quotes, styled letters ("𝗯𝘂𝗹𝗹") made plain,
 * nothing invisible.
 */
export function normalizeText(text: string): string {
  const plain = ASCII.test(text) ? text.replaceAll("\t", " ") : foldUnicode(text);
  return plain.includes("://") || plain.includes("www.") ? plain.replace(LINK, " ") : plain;
}

function foldUnicode(text: string): string {
  const folded = text.replaceAll("…", ".").normalize("NFKC");
  // A few characters unfold to whole sentences; text made of them is taken as it stands.
  const plain = folded.length > 2 * text.length ? text : folded;
  return plain
    .replace(/[\u2018\u2019\u201b\u02bc\u2032`´]/g, "'")
    .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replace(/\u200b|\u200c|\u200d|\u2060|\ufe0f|\ufeff/g, "")
    .replace(/[^\S\n\r]/g, " ");
}
