import { ImportError } from "../source.ts";

/** What Redis, or the way to it, says, and what it means for the one who imports. `$` stands for the source, `#` for a hint. */
const MEANINGS: readonly [RegExp, string][] = [
  [/WRONGPASS|invalid password|invalid username-password/i, "$ refuses the password."],
  [/NOAUTH/, "$ wants a password: put it into the URL (redis://:password@host:6379)."],
  [/NOPERM/, "This user of $ may not read what has to be read: SCAN, STRLEN, GET and GETRANGE are needed."],
  [
    /Too many Cluster redirections|^(MOVED|ASK) /,
    "$ is a cluster that redirects in a circle: its nodes disagree on who has a key.",
  ],
  [
    /CLUSTERDOWN|Failed to refresh slots cache/,
    "$ is a cluster that is not whole: some of its slots are not served.",
  ],
  [/Protocol error|Unexpected.*reply/i, "What answers at $ is no Redis."],
  [
    /wrong version number|packet length too long/i,
    "$ does not speak TLS: try redis:// in place of rediss://.",
  ],
  [/certificate|self.signed/i, "$ has a certificate that cannot be trusted."],
  [/LOADING/, "$ is still loading its data: try again in a moment."],
  [/ETIMEDOUT|Command timed out/, "$ does not answer#."],
  [/was changed while it was read/, "A value of $ was changed while it was read."],
  [
    /Connection is closed|ECONNRESET|EPIPE|Stream isn't writeable|flush from/i,
    "$ went away while it was read.",
  ],
];
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/;

/** The sentence for what went wrong with the Redis called `name`; a Redis error of another kind is quoted. */
export function redisFailure(name: string, error: unknown): ImportError {
  if (error instanceof ImportError) return error;
  const said = allMessages(error);
  const code = UNREACHABLE.exec(said)?.[0];
  if (code !== undefined) return new ImportError(`${name} cannot be reached (${code}).`);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(said))?.[1];
  // A Redis without TLS says nothing at all to one who begins with it.
  const hint = name.startsWith("rediss:") ? "; if it does not speak TLS, try redis://" : "";
  const database = refusedDatabase(error);
  if (database !== undefined && !/NOAUTH|LOADING/.test(said)) {
    const why = /NOPERM/.test(said) ? "this user lacks the right to SELECT" : quotable(said);
    return new ImportError(`Database ${database} of ${name} cannot be read: ${why}.`);
  }
  if (meaning !== undefined) return new ImportError(meaning.replace("#", hint).replace("$", () => name));
  return new ImportError(`${name} cannot be read: ${quotable(said)}.`);
}

const quotable = (said: string) => said.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?").slice(0, 200);

/** The number of the database that could not be chosen, where it is that what Redis refused. */
function refusedDatabase(error: unknown): string | undefined {
  if (!(error instanceof Error && "command" in error)) return undefined;
  const { name, args } = error.command as { name?: string; args?: unknown[] };
  return name === "select" ? String(args?.[0]) : undefined;
}

/** An error's message with those of what caused it, which ioredis keeps in one of two places. */
function allMessages(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? ` ${String(error.code)}` : "";
  const last = "lastNodeError" in error ? ` ${allMessages(error.lastNodeError)}` : "";
  const inner = error instanceof AggregateError ? ` ${error.errors.map(allMessages).join(" ")}` : "";
  return `${error.message}${code}${last}${inner}`.trim();
}
