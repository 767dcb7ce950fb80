// Line ends and what turns the direction of writing count too: one row is one line.
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A source's text as it may go to a terminal: control characters are spelled out (`\u001b`). */
export const printable = (text: string) =>
  text.replace(CONTROLS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
