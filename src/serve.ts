import { type App, startApp } from "./app.ts";
import { type Config, loadConfig } from "./config.ts";
import { createLogger, type Logger } from "./platform/logger.ts";

/** What runs beside the service and stops before it. */
export interface Companion {
  /** A line for the start message. */
  line: string;
  stop(): Promise<void>;
}

export interface Beside {
  /** Looked at before anything starts. @throws Error with a sentence where it cannot run with these settings. */
  check(config: Config): void;
  /** Called once the service answers. */
  start(app: App, logger: Logger): Companion;
}

/**
 * Runs the service until a signal ends it: settings → app → start message → signals. Ends the process with a sentence
 * where it cannot start.
 */
export async function serve(beside?: Beside): Promise<void> {
  try {
    const config = loadConfig();
    beside?.check(config);
    // Before the start, so that a signal also ends a service that is still starting and is a container's first process.
    let stop = async () => {};
    stopOnSignals(() => stop(), config.shutdownTimeoutMs);
    const logger = createLogger(config.logLevel);
    const app = await startApp(config, logger);
    stop = () => app.stop();
    const companion = beside?.start(app, logger);
    if (companion !== undefined) stop = () => companion.stop().then(() => app.stop());
    process.stdout.write(startLines(config, app, companion));
  } catch (error) {
    process.stderr.write(
      `trading-playground cannot start. ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
}

function startLines(config: Config, app: App, companion?: Companion): string {
  const data =
    app.dataDir === undefined ? "PostgreSQL at DATABASE_URL" : `embedded PostgreSQL in ${app.dataDir}`;
  const feed = config.priceFeed.kind;
  return [
    "",
    `trading-playground is ready at ${app.url}`,
    `  data    ${data}`,
    `  redis   ${config.redisUrl === undefined ? "off (one instance, no caching)" : "on"}`,
    `  auth    ${config.auth === "open" ? "open (anyone who reaches this port may write)" : "required"}`,
    `  feed    ${feed}`,
    ...(companion === undefined ? [] : [`  ${companion.line}`]),
    `  open    ${app.url}/live   ${app.url}/leaderboard   ${app.url}/docs`,
    "",
    "",
  ].join("\n");
}

function stopOnSignals(stop: () => Promise<void>, timeoutMs: number): void {
  let stoppingSince: number | undefined;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stoppingSince !== undefined) {
        // A later Ctrl+C means: now. One that comes with the first is the same one: npm passes on what the terminal sent.
        if (Date.now() - stoppingSince > 1000) process.exit(1);
        return;
      }
      stoppingSince = Date.now();
      setTimeout(() => process.exit(1), timeoutMs).unref();
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(
            `The stop failed: ${error instanceof Error ? error.message : String(error)}\n`,
          );
          process.exit(1);
        },
      );
    });
  }
}
