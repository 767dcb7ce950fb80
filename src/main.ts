import { type App, startApp } from "./app.ts";
import { type Config, loadConfig } from "./config.ts";
import { createLogger } from "./platform/logger.ts";

try {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  const app = await startApp(config, logger);
  process.stdout.write(startLines(config, app));
  stopOnSignals(app, config.shutdownTimeoutMs);
} catch (error) {
  process.stderr.write(
    `trading-playground cannot start. ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
}

function startLines(config: Config, app: App): string {
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
    `  open    ${app.url}/live   ${app.url}/portfolio   ${app.url}/docs`,
    "",
    "",
  ].join("\n");
}

function stopOnSignals(app: App, timeoutMs: number): void {
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
      app.stop().then(
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
