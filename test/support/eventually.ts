import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again until the answer is there; the test's own time limit is the bound. */
export async function eventually<Value>(ask: () => Promise<Value | undefined | false>): Promise<Value> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await sleep(20);
  }
}
