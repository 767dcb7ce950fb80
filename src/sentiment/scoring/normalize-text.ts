const ASCII = /^[\t\n\r\x20-\x5f\x61-\x7e]*$/;
/** Full-width, circled and mathematical letters. The rest is left: one Arabic sign would unfold to a sentence. */
const STYLED = /[\uff01-\uff5e\u24b6-\u24e9]|\ud835/;
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
  return (STYLED.test(text) ? text.normalize("NFKC") : text)
    .replace(/[\u2018\u2019\u201b\u02bc\u2032`´]/g, "'")
    .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replace(/\u200b|\u200c|\u200d|\u2060|\ufe0f|\ufeff/g, "")
    .replace(/[^\S\n\r]/g, " ")
    .replaceAll("…", ".");
}
