import { expect } from "chai";
import { Redis } from "ioredis";
import { newDatabase, query } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { ALL_TRADES, runImport, type StoredTrade } from "./import-run.ts";
import { oldTrade } from "./legacy-stores.ts";

describe("import redis, of values that are odd", () => {
  let source: TestRedis;
  let redis: Redis;
  let DATABASE_URL: string;
  before(async function () {
    source = await startRedis(this);
    redis = new Redis(source.url);
  });
  beforeEach(async () => {
    await redis.flushall();
    DATABASE_URL = await newDatabase();
  });
  after(async () => {
    redis?.disconnect();
    await source?.stop();
  });
  const stored = () => query<StoredTrade>(DATABASE_URL, ALL_TRADES);
  const run = (...args: string[]) => runImport(["redis", source.url, ...args], { DATABASE_URL });
  /** A trade as JSON text, with further fields as they are written. */
  const written = (index: number, fields: string) =>
    `${JSON.stringify(oldTrade(index)).slice(0, -1)},${fields}}`;

  it("refuses a row that is nested too deeply, and takes its neighbours", async () => {
    const deep = `"extra":${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const trades = [
      JSON.stringify(oldTrade(1)),
      written(2, deep),
      written(3, `"note":"${"[".repeat(1950)}"`),
    ];
    await redis.set("trades:list", `[${trades.join()}]`);
    await redis.set("portfolio:model-1", `{${deep}}`);
    const { counts, stdout } = await run();
    expect(counts).to.include({ new: 2, refused: 2 });
    expect(stdout)
      .to.include("key trades:list[1]: is nested too deeply")
      .and.include("key portfolio:model-1: is nested too deeply");
  });

  it("keeps the digits of a number that no double holds, and leaves all others numbers", async () => {
    const meta = '"confidence":0.5,"n":3,"exact":1234567890123456,"nonce":123456789012345678';
    const trades = ["9007199254740993", "9007199254740992"].map((id, index) =>
      written(index, `"id":${id},"timestamp":175936326e1,${meta}`),
    );
    await redis.set("trades:list", `[${trades.join()}]`);
    expect((await run()).counts).to.include({ new: 2, refused: 0 });
    const [first, second] = await stored();
    expect([first?.id, second?.id]).to.deep.equal(["9007199254740992", "9007199254740993"]);
    expect(first?.timestamp).to.deep.equal(new Date(1_759_363_260_000));
    expect(first?.meta).to.deep.equal({
      confidence: 0.5,
      n: 3,
      exact: 1_234_567_890_123_456,
      nonce: "123456789012345678",
    });
  });
});
