const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;
// Braille's blank and a musical one are seen as little as those that Unicode says to ignore.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2028\u2029\u2800\u{1d159}]/u;
const INVISIBLE_ALL = new RegExp(INVISIBLE.source, "gu");
const FOREIGN_BLANK = /(?! )[\s\p{Zs}]/u;
const CONTROL_TEXT = /(?![\t\n\r])\p{Cc}|\p{Bidi_Control}/u;
const CONTROL_LINE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** What is wrong with a model's name beside its length; undefined where nothing is. */
export function nameFault(name: string): string | undefined {
  if (PLAIN.test(name)) return undefined;
  if (INVISIBLE.test(name)) return `must have no invisible character, as ${codePoint(name, INVISIBLE)} is`;
  if (FOREIGN_BLANK.test(name))
    return `must have no other blank than the space, as ${codePoint(name, FOREIGN_BLANK)} is`;
  if (/^ | $| {2}/.test(name)) return "must have no blank before or after it, nor two together";
  if (name.normalize("NFC") !== name) return "must be in Unicode's composed form, NFC";
  return undefined;
}

/** The name that was meant by one that has such faults. */
export function mendName(name: string): string {
  if (nameFault(name) === undefined) return name;
  return name.replace(/\s+/gu, " ").replace(INVISIBLE_ALL, "").replace(/ {2,}/g, " ").trim().normalize("NFC");
}

/** What is wrong with a text that people see. @param lines it may have line ends and tabs. */
export function textFault(text: string, lines: boolean): string | undefined {
  const control = lines ? CONTROL_TEXT : CONTROL_LINE;
  if (!control.test(text)) return undefined;
  const allowed = lines ? " but line ends and tabs" : "";
  return `must have no control or direction character${allowed}, as ${codePoint(text, control)} is`;
}

/** The text without what `textFault` finds. */
export function mendText(text: string): string {
  return CONTROL_TEXT.test(text) ? text.replace(new RegExp(CONTROL_TEXT.source, "gu"), "") : text;
}

function codePoint(text: string, wanted: RegExp): string {
  const code = wanted.exec(text)?.[0].codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
