import { runBots } from "../bots/index.ts";
import { serve } from "../serve.ts";

await serve({
  check({ auth }) {
    if (auth !== "open") throw new Error("The demo's bots have no account: set AUTH=open for them.");
  },
  start(app, logger) {
    const bots = runBots(app.url, (error) => logger.warn({ err: error }, "a house bot could not trade"));
    return { line: `bots    ${bots.models.join(", ")}`, stop: () => bots.stop() };
  },
});
