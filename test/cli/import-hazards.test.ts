import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { expect } from "chai";
import { Redis } from "ioredis";
import { prisma as prismaSource } from "../../src/cli/import/prisma/source.ts";
import { redis as redisSource } from "../../src/cli/import/redis/source.ts";
import type { SourceCommand } from "../../src/cli/import/source.ts";
import { eventually } from "../support/eventually.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { freePort, startRedis, type TestRedis } from "../support/redis.ts";
import { cuttingProxy } from "./cutting-proxy.ts";
import { db } from "./db-support.ts";
import { newFolder, runImport, startImport, whyNot } from "./import-run.ts";
import { fillPrisma, oldTrade } from "./legacy-stores.ts";

const SENTENCE = /^[^\n]+\.$/;

describe("import of old stores, while things break", () => {
  let source: TestRedis;
  let redis: Redis;
  let prisma: string;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let DATABASE_URL: string;
  before(async function () {
    source = await startRedis(this);
    redis = new Redis(source.url);
    prisma = await newDatabase();
    await fillPrisma(prisma);
    await query(
      prisma,
      `INSERT INTO "Trade" SELECT 'many-' || n, 'model-1', 'BTC', 'buy', 1, n, NULL, 0, 'closed',
         timestamp '2025-11-01' + n * interval '1 second' FROM generate_series(1, 6000) n`,
    );
  });
  beforeEach(async () => {
    folder = await newFolder();
    DATABASE_URL = await newDatabase();
  });
  afterEach(() => folder.remove());
  after(async () => {
    redis?.disconnect();
    await source?.stop();
  });
  const run = (...args: string[]) => runImport(args, { DATABASE_URL });
  const tape = async () =>
    (
      await query<{ entries: number; head: number; ids: number }>(
        DATABASE_URL,
        `SELECT count(*)::int AS entries, count(DISTINCT data->>'id')::int AS ids,
           (SELECT seq::int FROM tape_head) AS head FROM tape WHERE kind = 'trade'`,
      )
    )[0];

  it("says that Redis went away in the middle, and finishes with the next run", async () => {
    await redis.set(
      "trades:list",
      JSON.stringify(Array.from({ length: 3000 }, (_, index) => oldTrade(index))),
    );
    const proxy = await cuttingProxy(source.url);
    try {
      proxy.limit = 100_000;
      const first = await run("redis", proxy.url);
      expect(first.code).to.equal(1);
      expect(first.stderr).to.match(/ went away while it was read\. Nothing was imported\.\n$/);
      proxy.limit = Number.POSITIVE_INFINITY;
      expect((await run("redis", proxy.url)).counts).to.include({ new: 3000 });
      expect(await tape()).to.deep.equal({ entries: 3000, head: 3000, ids: 3000 });
    } finally {
      proxy.stop();
    }
  });

  it("says that PostgreSQL went away in the middle, keeps what is whole, and finishes with the next run", async () => {
    const proxy = await cuttingProxy(prisma);
    try {
      proxy.limit = 600_000;
      const report = `${folder.path}/r.json`;
      const first = await run("prisma", proxy.url, "--report", report);
      expect(first.code).to.equal(1);
      expect(first.stderr).to.match(
        / went away while it was read\. \d+ rows are in the playground; the same command again/,
      );
      const half = await tape();
      expect(half?.entries).to.equal(half?.head).and.to.be.within(1000, 6000);
      proxy.limit = Number.POSITIVE_INFINITY;
      const second = await run("prisma", proxy.url, "--verify");
      expect(second.stdout).to.include("Everything that can be taken over is here.");
      expect(await tape()).to.include({ entries: 6021, ids: 6021 });
    } finally {
      proxy.stop();
    }
  });

  it("finishes after a kill -9 in the middle", async () => {
    const { child, ended } = startImport(["prisma", prisma], { DATABASE_URL });
    await eventually(async () => ((await tape().catch(() => undefined))?.entries ?? 0) >= 1000);
    child.kill("SIGKILL");
    await ended;
    const second = await run("prisma", prisma, "--verify");
    expect((second.counts.new ?? 0) + (second.counts.repeated ?? 0)).to.equal(6028);
    expect(await tape()).to.include({ entries: 6021, ids: 6021 });
    expect(second.stdout).to.include("Everything that can be taken over is here.");
  });

  it("says in one sentence what keeps it from reading, without a password, and ends with 1", async function () {
    const locked = await startRedis(this);
    const owner = new Redis(locked.url);
    await owner.config("SET", "requirepass", "hunter2");
    owner.disconnect();
    await redis.call(
      "ACL",
      "SETUSER",
      "reader",
      "on",
      ">hunter2",
      "~*",
      "+scan",
      "+strlen",
      "+get",
      "+getrange",
    );
    await redis.set("trades:list", JSON.stringify([oldTrade(1)]));
    const nobody = await freePort();
    const wrong = new URL(prisma);
    wrong.password = "hunter3";
    const missing = new URL(prisma);
    missing.pathname = "/not_there";
    const postgres = new URL(prisma.replace(/^postgres(ql)?:/, "redis:"));
    postgres.pathname = "";
    const empty = await newDatabase();
    const other = await newDatabase();
    await query(other, 'CREATE TABLE "Trade" (id text, "user" text)');
    const cases: [SourceCommand, string, RegExp][] = [
      [redisSource, `redis://:hunter3@127.0.0.1:${locked.port}`, /refuses the password/],
      [redisSource, locked.url, /wants a password/],
      [redisSource, `redis://127.0.0.1:${nobody}`, /cannot be reached \(ECONNREFUSED\)/],
      [redisSource, source.url.replace("redis:", "rediss:"), /does not speak TLS/],
      [redisSource, postgres.toString(), /is no Redis|went away|does not answer/],
      [redisSource, `${source.url}/9`, /holds none of the old playground's keys/],
      [redisSource, `${source.url}/99`, /^Database 99 of redis:.* cannot be read: .*out of range/],
      [redisSource, `redis://reader:hunter2@127.0.0.1:${source.port}/7`, /^Database 7 of .* right to SELECT/],
      [redisSource, `${source.url}/abc`, /database that is no number/],
      [redisSource, `${source.url}?db=abc`, /database that is no number/],
      [redisSource, `redis://:hunter%2@127.0.0.1:${source.port}`, /percent sign/],
      [redisSource, "https://calm-owl-1.upstash.io", /needs its token/],
      [prismaSource, wrong.toString(), /refuses the user or the password/],
      [prismaSource, missing.toString(), /has no database of that name/],
      [prismaSource, `postgresql://x:hunter3@127.0.0.1:${nobody}/db`, /cannot be reached \(ECONNREFUSED\)/],
      [prismaSource, empty, /has no table "Trade"/],
      [prismaSource, `${prisma}?schema=nowhere`, /\?schema=nowhere has no table "Trade"/],
      [prismaSource, other, /is not the playground's: it lacks model, symbol or coin, side/],
      [prismaSource, "mysql://somewhere", /is no postgresql:\/\/ URL/],
    ];
    try {
      for (const [command, argument, sentence] of cases) {
        const said = await whyNot(command, argument, DATABASE_URL);
        expect(said, argument).to.match(sentence).and.match(SENTENCE).and.not.include("hunter");
      }
      const { code, stdout, stderr } = await run("redis", `redis://:hunter3@127.0.0.1:${locked.port}`);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
      expect(stderr).to.match(/refuses the password\.\n$/);
    } finally {
      await locked.stop();
    }
  });

  it("says what is wrong with a list that is none, or breaks off, after what stands before the break", async () => {
    const fill: [() => Promise<unknown>, RegExp][] = [
      [() => redis.rpush("trades:list", "1"), /is no string: it was not written by the old playground/],
      [() => redis.set("trades:list", '{"trades":[]}'), /holds an object, where an array is expected/],
      [() => redis.set("trades:list", "hello"), /holds no JSON, where an array is expected/],
      [() => redis.set("trades:list", '"hello"'), /holds a text, where an array is expected/],
      [() => redis.set("trades:list", `[${JSON.stringify(oldTrade(1))},{"id":`), /breaks off in the middle/],
      [() => redis.set("trades:list", "[] []"), /has something behind its end/],
    ];
    for (const [put, sentence] of fill) {
      await redis.del("trades:list");
      await put();
      expect(await whyNot(redisSource, source.url, DATABASE_URL)).to.match(sentence);
    }
    const taken = await query(DATABASE_URL, "SELECT id FROM trades");
    expect(taken, "what stands before the break").to.deep.equal([{ id: "old-1" }]);
    await redis.set("trades:list", '[{"id":"a"},{"x":},null]');
    const { code, stdout } = await run("redis", source.url);
    expect(code).to.equal(2);
    expect(stdout).to.include("trades:list[1]: is no JSON").and.include("trades:list[2]: must be an object");
  });

  it("does not run in circles with a cluster whose nodes send it back and forth", async () => {
    let port = 0;
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (bytes) => {
        const asked = bytes.toString("utf8").toUpperCase();
        // One answer a command; every slot is here, says the map, and every key is elsewhere, says the answer.
        for (const _ of asked.matchAll(/\*\d+\r\n/g)) {
          socket.write(
            asked.includes("SLOTS")
              ? `*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:${port}\r\n`
              : asked.includes("STRLEN")
                ? `-MOVED 42 127.0.0.1:${port}\r\n`
                : "+OK\r\n",
          );
        }
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as { port: number });
    const said = await whyNot(redisSource, `redis://127.0.0.1:${port}`, DATABASE_URL);
    server.close();
    expect(said)
      .to.match(/redirects in a circle/)
      .and.match(SENTENCE);
  });

  /** A folder on a disk of 64 MB; `grow` gives it room. Skips the test where this user may mount none. */
  function smallDisk(context: Mocha.Context) {
    const disk = `${folder.path}/disk`;
    // PostgreSQL runs as another user than root, and has to get there.
    chmodSync(folder.path, 0o755);
    mkdirSync(disk);
    const mount = (options: string) =>
      execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk], { stdio: "ignore" });
    try {
      mount("size=64m,mode=755");
    } catch {
      process.stdout.write("    skipped: only root may mount a small disk\n");
      context.skip();
    }
    return { disk, grow: () => mount("remount,size=1g"), unmount: () => execFileSync("umount", [disk]) };
  }

  it("leaves no half report on a disk that is full", async function () {
    const { disk, unmount } = smallDisk(this);
    try {
      const bad = Array.from({ length: 2000 }, (_, index) => oldTrade(index, { qty: -1 }));
      await redis.set("trades:list", JSON.stringify(bad));
      expect(() => writeFileSync(`${disk}/ballast`, Buffer.alloc(80 * 1024 * 1024))).to.throw("ENOSPC");
      const { code, stderr } = await run("redis", source.url, "--report", `${disk}/r.json`);
      expect(code).to.equal(1);
      expect(stderr).to.include("r.json cannot be written: the disk is full.");
      await db({ DATABASE_URL }, "migrate");
      const backup = await db({ DATABASE_URL }, "backup", `${disk}/b.gz`);
      expect(backup).to.deep.include({ code: 1, err: `${disk}/b.gz cannot be written: the disk is full.\n` });
      expect(readdirSync(disk)).to.deep.equal(["ballast"]);
      truncateSync(`${disk}/ballast`, 0);
      const again = await run("redis", source.url, "--report", `${disk}/r.json`);
      expect(again.counts).to.include({ refused: 2000 });
      expect(existsSync(`${disk}/r.json`)).to.equal(true);
    } finally {
      unmount();
    }
  });

  it("says that the playground's own disk is full, and finishes when there is room", async function () {
    // PostgreSQL may have to come up again on the full disk, for which the import waits half a minute.
    const { disk, grow, unmount } = smallDisk(this);
    try {
      const trades = Array.from({ length: 15_000 }, (_, index) => oldTrade(index));
      await redis.set("trades:list", JSON.stringify(trades));
      const environment = { DATA_DIR: `${disk}/data` };
      const first = await runImport(["redis", source.url], environment);
      expect(first.code).to.equal(1);
      expect(first.stderr).to.match(
        /disk of the playground's PostgreSQL is full\. \d+ rows are in the playground/,
      );
      grow();
      const second = await runImport(["redis", source.url, "--verify"], environment);
      expect((second.counts.new ?? 0) + (second.counts.repeated ?? 0)).to.equal(15_000);
      expect(second.stdout).to.include("Everything that can be taken over is here.");
    } finally {
      unmount();
    }
  });

  it("asks on a terminal, after it has shown what would come", async function () {
    if (!existsSync("/usr/bin/script")) {
      process.stdout.write("    skipped: no script(1) to make a terminal with\n");
      return this.skip();
    }
    await redis.set("trades:list", JSON.stringify([oldTrade(1)]));
    const answer = async (text: string) => {
      const child = spawn(
        "script",
        ["-qec", `${process.execPath} dist/cli/import.js redis ${source.url}`, "/dev/null"],
        {
          env: { ...process.env, DATABASE_URL },
          stdio: ["pipe", "pipe", "ignore"],
        },
      );
      let seen = "";
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        seen += part;
        if (part.includes("[y/N]")) child.stdin.write(`${text}\n`);
      });
      await once(child, "close");
      return seen;
    };
    expect(await answer("n")).to.include("This would come; nothing was written:");
    expect(await query(DATABASE_URL, "SELECT to_regclass('trades') AS t")).to.deep.equal([{ t: null }]);
    await answer("y");
    expect(await tape()).to.include({ entries: 1 });
  });
});
