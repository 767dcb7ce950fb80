import { Readable } from "node:stream";
import { expect } from "chai";
import { Redis } from "ioredis";
import { blocksOf, countOf, elementAt } from "../../src/cli/import/redis/elements.ts";
import { redisFailure } from "../../src/cli/import/redis/failures.ts";
import { historyPoints } from "../../src/cli/import/redis/history.ts";
import { redis as redisSource } from "../../src/cli/import/redis/source.ts";
import { ImportError } from "../../src/cli/import/source.ts";
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

  it("takes the newer of two portfolios of a model, by time, and none that breaks the contract for it", async () => {
    const put = (key: string, balance: number, last_update: string) =>
      redis.set(key, JSON.stringify({ balance, last_update }));
    // Of each pair, the second key is the one that counts.
    const pairs = [
      ["2025-10-01T14:00:00+02:00", "2025-10-01T13:00:00Z"],
      ["2025-10-01T13:00:00Z", "2025-10-01T13:00:00.500Z"],
      ["yesterday", "2025-10-01T13:00:00Z"],
    ] as const;
    for (const [index, [older, newer]] of pairs.entries()) {
      await put(`portfolio:model ${index}`, 1, older);
      await put(`portfolio:model%20${index}`, 2, newer);
    }
    await put("portfolio:model 3", -1, "2025-12-01T00:00:00Z");
    await put("portfolio:model%203", 2, "2025-10-01T13:00:00Z");
    const { counts, stdout } = await run();
    expect(counts).to.include({ new: 4, refused: 2 });
    expect(stdout)
      .to.include("key portfolio:model 2: last_update must be an ISO 8601 time")
      .and.include("key portfolio:model 3: balance must be 0 or more")
      .and.include("2 portfolio:<model>: another key holds a newer one");
    expect(await query(DATABASE_URL, "SELECT DISTINCT balance::text FROM portfolios")).to.deep.equal([
      { balance: "2" },
    ]);
  });

  it("writes out old prices that JavaScript wrote with an exponent", () => {
    const points = [
      { t: 1_759_276_800_000, p: 9.5e-7 },
      { t: 1_759_276_860_000, p: 2 },
    ];
    expect(historyPoints(JSON.stringify(points))).to.deep.equal([
      { at: 1_759_276_800_000, price: "0.00000095" },
      { at: 1_759_276_860_000, price: "2" },
    ]);
  });

  it("finds a list behind blanks, however many and wherever a piece ends", async () => {
    const texts = async (...parts: string[]) => {
      const found: string[] = [];
      for await (const block of blocksOf(Readable.from(parts.map((part) => Buffer.from(part))))) {
        for (let n = 0; n < countOf(block); n++) found.push(elementAt(block, n));
      }
      return found;
    };
    const blanks = " \n".repeat(50);
    expect(await texts(`${blanks}[1, 2]`)).to.deep.equal(["1", "2"]);
    expect(await texts(blanks, `${blanks}[1, `, "2]")).to.deep.equal(["1", "2"]);
    expect(await texts(blanks, "nu", "ll")).to.deep.equal([]);
    expect(await texts(blanks)).to.deep.equal([]);
  });

  it("yields what stands before the break of a damaged list, oldest first, before it says so", async () => {
    const whole = [3, 2, 1].map((index) => JSON.stringify(oldTrade(index))).join();
    for (const [text, sentence] of [
      [`[${whole},{"id":"f0","mod`, /breaks off in the middle/],
      [`[${whole}] and more`, /has something behind its end/],
    ] as const) {
      await redis.set("trades:list", text);
      const ids: unknown[] = [];
      let said: unknown;
      try {
        for await (const row of (await redisSource.open(source.url, {})).rows()) {
          if ("record" in row) ids.push((row.record as { id: string }).id);
        }
      } catch (error) {
        said = error;
      }
      expect(ids).to.deep.equal(["old-1", "old-2", "old-3"]);
      expect(said).to.be.instanceOf(ImportError).with.property("message").that.matches(sentence);
    }
  });

  it("shows how a password is put into the URL", () => {
    const { message } = redisFailure("redis://h:6379", new Error("NOAUTH Authentication required."));
    expect(message).to.equal(
      "redis://h:6379 wants a password: put it into the URL (redis://:password@host:6379).",
    );
    expect(redisFailure("rediss://h:6379", new Error("connect ETIMEDOUT")).message).to.equal(
      "rediss://h:6379 does not answer; if it does not speak TLS, try redis://.",
    );
  });
});
