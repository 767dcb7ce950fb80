import { pino } from "pino";
import { readableLine } from "./readable-lines.ts";

export type Logger = pino.Logger;

/**
 * The service's logger: one JSON object a line, so that nothing logged can forge a line; on a terminal a line that a
 * person reads.
 */
export function createLogger(level: string): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: serializeError },
    redact: ["req.headers.authorization", "req.headers.cookie"],
  };
  if (process.stdout.isTTY !== true) return pino(options);
  return pino(options, { write: (line) => void process.stdout.write(readableLine(line)) });
}

// Sequelize hangs the SQL, its parameters and the connection's settings on its errors: data and secrets.
function serializeError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error ? error.code : undefined;
  return { type: error.name, message: error.message, code, stack: error.stack };
}
