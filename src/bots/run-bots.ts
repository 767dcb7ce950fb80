import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Bot } from "./bot.ts";
import { playgroundApi } from "./playground-api.ts";
import { PriceSamples } from "./price-samples.ts";
import { STRATEGIES } from "./strategies/index.ts";

const STEP_MS = 1000;
/** How long a stop waits for what the bots are doing: a close and its report belong together. */
const FINISH_MS = 3000;

const markets = z.object({
  markets: z.array(z.object({ symbol: z.string(), price: z.string(), stale: z.boolean() })),
});

export interface RunningBots {
  models: readonly string[];
  /** Resolves when no request of theirs is under way any more. */
  stop(): Promise<void>;
}

/**
 * Lets the house bots trade on a playground's live prices until they are stopped.
 * @param url the playground's address
 * @param onError is told what went wrong; the bots go on.
 */
export function runBots(url: string, onError: (error: unknown) => void): RunningBots {
  const stopping = new AbortController();
  const abort = new AbortController();
  const api = playgroundApi(url, abort.signal);
  const samples = new PriceSamples();

  async function trade(bots: readonly Bot[]): Promise<void> {
    const fresh = (await api.get("/api/markets?decimals=string", markets)).markets.filter(
      ({ stale }) => !stale,
    );
    for (const { symbol, price } of fresh) samples.add(symbol, Number(price));
    const prices = new Map(fresh.map(({ symbol, price }) => [symbol, price]));
    const steps = await Promise.allSettled(bots.map((bot) => bot.step(samples, prices)));
    for (const step of steps)
      if (step.status === "rejected" && !stopping.signal.aborted) onError(step.reason);
  }

  async function run(): Promise<void> {
    let bots: Bot[] = [];
    while (!stopping.signal.aborted) {
      const next = sleep(STEP_MS, undefined, { signal: stopping.signal }).catch(() => {});
      try {
        if (bots.length === 0)
          bots = await Promise.all(STRATEGIES.map((strategy) => Bot.resume(api, strategy)));
        await trade(bots);
      } catch (error) {
        if (!stopping.signal.aborted) onError(error);
      }
      await next;
    }
  }

  const done = run();
  return {
    models: STRATEGIES.map(({ model }) => model),
    async stop() {
      stopping.abort();
      const limit = setTimeout(() => abort.abort(), FINISH_MS);
      await done;
      clearTimeout(limit);
    },
  };
}
