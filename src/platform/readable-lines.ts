const LEVELS: Record<number, string> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};
// Whatever a terminal would take for an order, and what would begin a line of its own.
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/** A line of the log as a person reads it: time, level, message, then what belongs to it. */
export function readableLine(line: string): string {
  const { time, level, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const more = Object.entries(rest).map(([name, value]) => `${name}=${plain(value)}`);
  const why = err === undefined ? [] : [plain((err as { message?: unknown }).message)];
  const words = [
    String(time).slice(11, 19),
    LEVELS[Number(level)] ?? String(level),
    plain(msg),
    ...more,
    ...why,
  ];
  return `${words.join("  ")}\n`;
}

function plain(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return String(text).replace(
    CONTROL,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
