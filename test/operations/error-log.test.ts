import { expect } from "chai";
import { Redis } from "ioredis";
import type { ErrorEntry } from "../../src/contracts/admin.ts";
import { describeError } from "../../src/operations/describe-error.ts";
import { createErrorLog, type ErrorLog } from "../../src/operations/error-log.ts";
import { createLogger } from "../../src/platform/logger.ts";
import { connectRedis, type RedisConnections } from "../../src/platform/redis/connect.ts";
import { eventually } from "../support/eventually.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";

const messages = async (log: ErrorLog) => (await log.read()).map(({ message }) => message);

describe("the error log", () => {
  it("tells what failed, newest first, without Redis too", async () => {
    const log = createErrorLog({ playground: "alone" });
    log.record({ job: "news", message: "The feed fails.", level: "warn" });
    log.record({
      route: "POST /api/trades",
      status: 500,
      error: new TypeError("x is undefined"),
      requestId: "r1",
    });
    const entries = (await log.read()).map(({ id: _id, time: _time, ...rest }) => rest);
    expect(entries).to.have.deep.members([
      { level: "error", message: "x is undefined", route: "POST /api/trades", status: 500, request_id: "r1" },
      { level: "warn", message: "The feed fails.", job: "news" },
    ]);
  });

  it("keeps the newest two hundred", async () => {
    const log = createErrorLog({ playground: "alone" });
    for (let index = 0; index < 500; index++) log.record({ job: "j", message: `failure ${index}` });
    const kept = await messages(log);
    expect(kept).to.have.length(200);
    expect(new Set(kept)).to.deep.equal(
      new Set(Array.from({ length: 200 }, (_, index) => `failure ${300 + index}`)),
    );
  });

  describe("in Redis", () => {
    let redis: TestRedis;
    const open: RedisConnections[] = [];

    before(async function () {
      redis = await startRedis(this);
    });
    after(async () => {
      for (const connection of open) await connection.close();
      await redis?.stop();
    });

    async function instance(playground: string): Promise<ErrorLog> {
      const connections = connectRedis(redis.url, false, createLogger("silent"));
      open.push(connections);
      await eventually(async () => connections.commands.status === "ready");
      return createErrorLog({ redis: connections.commands, playground });
    }
    async function withRedis<Value>(act: (client: Redis) => Promise<Value>): Promise<Value> {
      const client = new Redis(redis.url);
      try {
        return await act(client);
      } finally {
        client.disconnect();
      }
    }

    it("is one for all instances of a playground", async () => {
      const [one, other, elsewhere] = [
        await instance("shared"),
        await instance("shared"),
        await instance("apart"),
      ];
      one.record({ job: "a", message: "from one" });
      other.record({ job: "b", message: "from the other" });
      await eventually(async () => (await one.read()).length === 2);
      expect(await other.read()).to.deep.equal(await one.read());
      expect(await elsewhere.read()).to.deep.equal([]);
    });

    it("is bounded to two hundred entries and seven days", async () => {
      const log = await instance("bounded");
      for (let index = 0; index < 450; index++) log.record({ job: "j", message: `failure ${index}` });
      await eventually(async () =>
        (await withRedis((client) => client.lindex("tp:errors:bounded", 0)))?.includes("449"),
      );
      expect(await log.read()).to.have.length(200);
      await withRedis(async (client) => {
        expect(await client.llen("tp:errors:bounded")).to.equal(200);
        expect(await client.ttl("tp:errors:bounded")).to.be.within(7 * 86_400 - 60, 7 * 86_400);
        const old: ErrorEntry = {
          id: "old",
          time: "2020-01-01T00:00:00.000Z",
          level: "error",
          message: "old",
        };
        await client.lpush("tp:errors:bounded", JSON.stringify(old), "garbage", '{"id":1}');
      });
      expect((await messages(log)).every((message) => message.startsWith("failure "))).to.equal(true);
    });

    it("goes on in memory while Redis is away, and hands over when it is back", async () => {
      const [one, other] = [await instance("away"), await instance("away")];
      one.record({ job: "j", message: "before" });
      await eventually(async () => (await other.read()).length === 1);
      redis.freeze();
      try {
        one.record({ job: "j", message: "frozen" });
        expect(await messages(one)).to.include("frozen");
      } finally {
        redis.thaw();
      }
      await redis.kill();
      for (let index = 0; index < 300; index++) one.record({ job: "j", message: `gone ${index}` });
      const meanwhile = await messages(one);
      expect(meanwhile).to.have.length(200).and.include("gone 299");
      await redis.start();
      await eventually(async () => {
        await one.read();
        return (await messages(other)).includes("gone 299");
      });
      const entries = await other.read();
      expect(new Set(entries.map(({ id }) => id)).size).to.equal(entries.length);
    });
  });
});

describe("what is told of an error", () => {
  it("holds no secrets and no data", () => {
    const parent = Object.assign(new Error('invalid input syntax for type uuid: "client data"'), {
      code: "22P02",
      severity: "ERROR",
    });
    const wrapped = Object.assign(new Error("wrapped"), {
      parent,
      sql: "INSERT INTO trades",
      parameters: ["x"],
    });
    expect(describeError(wrapped)).to.deep.equal({
      message: "invalid input syntax for type uuid: …",
      code: "22P02",
    });
    const told: [string, string][] = [
      ["cannot reach postgres://me:pw@db.example:5432/x now", "cannot reach postgres://… now"],
      ["GET https://me:pw@example.com/a failed", "GET https://… failed"],
      ["sent Authorization: Bearer abc.def", "sent Authorization: … …"],
      ["bad password=hunter2, api_key: k1", "bad password=… api_key: …"],
      ["first line\nINSERT INTO trades VALUES (1)", "first line"],
    ];
    for (const [message, expected] of told)
      expect(describeError(new Error(message)).message).to.equal(expected);
    expect(describeError(new Error("x".repeat(5000))).message).to.have.length(300);
    expect(describeError("thrown text")).to.deep.equal({ message: "thrown text" });
    expect(describeError(Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" }))).to.deep.equal({
      message: "AggregateError",
      code: "ECONNREFUSED",
    });
  });
});
