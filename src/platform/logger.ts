import { pino } from "pino";

export type Logger = pino.Logger;

/** The service's logger: one JSON object a line, so that nothing logged can forge a line. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: serializeError },
    redact: ["req.headers.authorization", "req.headers.cookie"],
  });
}

// Sequelize hangs the SQL, its parameters and the connection's settings on its errors: data and secrets.
function serializeError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error ? error.code : undefined;
  return { type: error.name, message: error.message, code, stack: error.stack };
}
