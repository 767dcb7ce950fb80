import { expect } from "chai";
import { runAll } from "../../src/platform/run-all.ts";

describe("the parts of a stop", () => {
  it("all end, one after the other, also those behind one that fails, and every failure is told", async () => {
    const ended: string[] = [];
    const failing = (name: string) => () => {
      ended.push(name);
      throw new Error(`${name} is stuck`);
    };
    const stop = runAll([
      failing("the cache"),
      async () => {
        await new Promise(setImmediate);
        ended.push("the tape");
      },
      async () => failing("the pool")(),
      () => void ended.push("the database"),
    ]);
    const failure = await stop.catch((error: unknown) => error);
    expect(ended).to.deep.equal(["the cache", "the tape", "the pool", "the database"]);
    expect(failure).to.be.instanceOf(AggregateError);
    expect((failure as Error).message).to.equal("the cache is stuck; the pool is stuck");
  });
});
