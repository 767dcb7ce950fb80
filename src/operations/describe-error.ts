const MAX_MESSAGE = 300;

/**
 * What a thrown value may be told of, in one line: its message and code without what a client sent, SQL, its
 * parameters, passwords and connection strings.
 */
export function describeError(thrown: unknown): { message: string; code?: string } {
  if (!(thrown instanceof Error)) return { message: cleanMessage(String(thrown)) };
  // An ORM wraps what the driver said, and adds the statement and its values.
  const { parent } = thrown as { parent?: unknown };
  const cause = parent instanceof Error ? parent : thrown;
  const isDatabases = parent instanceof Error || "severity" in cause || "sql" in cause;
  const message = cleanMessage(isDatabases ? withoutValues(cause.message) : cause.message);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code.slice(0, 60) : undefined;
  return { message: message === "" ? thrown.name : message, ...(code !== undefined && { code }) };
}

/** PostgreSQL quotes bad values at the end (`…type uuid: "x"`) and tells keys as (name)=(value). */
function withoutValues(message: string): string {
  return message
    .replace(/: ".*"/gs, ": …")
    .replace(/=\(.*?\)/gs, "=(…)")
    .replace(/'(?:[^']|'')*'/gs, "'…'");
}

/** One short line without credentials, whoever wrote it. */
export function cleanMessage(message: string): string {
  const line = message
    .slice(0, 4 * MAX_MESSAGE)
    .split(/[\r\n]/, 1)
    .join()
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@\S*/gi, "$1…")
    .replace(/\b(postgres(?:ql)?|rediss?):\/\/\S*/gi, "$1://…")
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, "$1 …")
    .replace(
      /\b(\w*(?:password|passwd|pwd|secret|token|api[_-]?key|authorization))(["']?\s*[=:]\s*)\S+/gi,
      "$1$2…",
    )
    .replace(/\p{Cc}/gu, " ")
    .trim();
  return line.length > MAX_MESSAGE
    ? `${line.slice(0, MAX_MESSAGE - 1)}…`.toWellFormed()
    : line.toWellFormed();
}
