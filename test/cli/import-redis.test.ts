import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Cluster, Redis } from "ioredis";
import { redisAddress } from "../../src/cli/import/redis/address.ts";
import { eventually } from "../support/eventually.ts";
import { get } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { ownPort, startRedis, type TestRedis } from "../support/redis.ts";
import { ALL_TRADES, newFolder, runImport, type StoredTrade, startImport } from "./import-run.ts";
import { fillOldRedis, oldTrade } from "./legacy-stores.ts";

describe("import redis", () => {
  let source: TestRedis;
  let redis: Redis;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let DATABASE_URL: string;
  before(async function () {
    source = await startRedis(this);
    redis = new Redis(source.url);
    folder = await newFolder();
  });
  beforeEach(async () => {
    await redis.flushall();
    DATABASE_URL = await newDatabase();
  });
  after(async () => {
    redis?.disconnect();
    await source?.stop();
    await folder?.remove();
  });
  const stored = () => query<StoredTrade>(DATABASE_URL, ALL_TRADES);
  const run = (...args: string[]) => runImport(["redis", source.url, ...args], { DATABASE_URL });
  const put = (key: string, value: unknown) => redis.set(key, JSON.stringify(value));

  it("says what would come and writes nothing, imports it with ids and times, and finds all of it again", async () => {
    await fillOldRedis(source.url);
    const before = await contentOf(redis);
    const wanted = { new: 29, repeated: 0, repaired: 8, refused: 4 };
    const dry = await run("--dry-run");
    expect(dry.counts).to.include(wanted);
    expect(dry.stdout).to.include("nothing was written");
    expect(await query(DATABASE_URL, "SELECT to_regclass('trades') AS table")).to.deep.equal([
      { table: null },
    ]);

    const first = await run(
      "--verify",
      "--report",
      `${folder.path}/r.json`,
      "--prices",
      `${folder.path}/p.csv`,
    );
    expect(first.code, first.stderr).to.equal(2);
    expect(first.counts).to.include(wanted);
    expect(first.stdout)
      .to.include("24 trades, 2 sentiments, 3 portfolios")
      .and.include("Everything that can be taken over is here.")
      .and.include("1 history:<symbol>:v1:backup:<ms>: copies");
    for (const reason of [
      "key trades:list[0]: must be an object",
      "key trades:list[2]: qty is required",
      "key portfolio:model-3: balance must be 0 or more, not -5; positions.0.qty is required",
    ]) {
      expect(first.stdout).to.include(reason);
    }
    const report = JSON.parse(readFileSync(`${folder.path}/r.json`, "utf8"));
    expect(report).to.include(wanted);
    expect(report.rows).to.deep.include({ key: "sentiment:logs[1]", id: "s1", repaired: ["score was 3"] });
    const prices = readFileSync(`${folder.path}/p.csv`, "utf8").split("\n");
    expect(prices.slice(0, 3)).to.deep.equal([
      "timestamp_ms,symbol,price,amount",
      "1759276800000,BTC,60000.5,",
      "1759276800000,ETH,60000.5,",
    ]);

    const second = await run("--verify");
    expect(second.counts).to.include({ new: 0, repeated: 29, refused: 4 });
    const afterwards = await run("--dry-run");
    expect(afterwards.counts).to.include({ new: 0, repeated: 29 });
    const [tape] = await query(
      DATABASE_URL,
      "SELECT count(*)::int AS entries, max(seq)::int AS last, (SELECT seq::int FROM tape_head) AS head FROM tape",
    );
    expect(tape).to.deep.equal({ entries: 29, last: 29, head: 29 });
    expect(await contentOf(redis)).to.deep.equal(before);
  });

  it("mends what early writers left, and shows it through the API", async () => {
    await fillOldRedis(source.url);
    await run();
    const trades = await stored();
    const times = trades.map(({ timestamp }) => timestamp.getTime());
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    expect(trades[2]).to.include({ id: "old-2", qty: "0.30000000000000004", price: "60002.25", side: "buy" });
    expect(trades.find(({ id }) => id === "1759363260000")).to.include({
      model: "Claude Sonnet 4.5",
      side: "buy",
    });
    expect(trades.find(({ symbol }) => symbol === "ETH")).to.include({ qty: "0.5", pnl: "0.0000001" });
    expect(trades.find(({ id }) => id === "old-102")?.timestamp).to.deep.equal(
      new Date("2025-10-01T01:42:00Z"),
    );
    const app = await startHere({ DATABASE_URL });
    try {
      const sonnet = await get(`${app.url}/api/portfolio?model=Claude%20Sonnet%204.5`);
      expect(sonnet.body).to.include({ balance: 10_001, last_update: "2025-10-01T00:02:00.000Z" });
      const zero = await get(`${app.url}/api/portfolio?model=model-0`);
      expect(zero.body).to.deep.include({
        balance: 10_120.5,
        positions: [{ symbol: "BTC", qty: -0.5, avg_price: 64_000.5, pnl: 3 }],
      });
      const { body } = await get<{ sentiments: Record<string, unknown>[] }>(
        `${app.url}/api/sentiment?symbol=BTC`,
      );
      expect(body.sentiments.map(({ id, label, score }) => ({ id, label, score }))).to.deep.equal([
        { id: "s2", label: "negative", score: -0.4 },
        { id: "s1", label: "positive", score: 1 },
      ]);
    } finally {
      await app.stop();
    }
  });

  it("takes null for absent, an array that was encoded twice, and numbers that no double holds", async () => {
    await redis.set("trades:list", "null");
    expect((await run()).counts).to.include({ new: 0, refused: 0 });
    const text = JSON.stringify([oldTrade(1)]).replace('"qty":0.2', '"qty":0.123456789012345678');
    await redis.set("trades:list", JSON.stringify(text));
    await redis.set("portfolio:model-1", JSON.stringify(JSON.stringify({ model: "model-1", balance: 7 })));
    expect((await run()).counts).to.include({ new: 2, refused: 0 });
    expect((await stored())[0]?.qty).to.equal("0.123456789012345678");
  });

  it("reads a value of many megabytes in pieces, text and escapes across their edges", async () => {
    const note = 'a "quoted" \\ text, [with] {brackets} and 🚀'.repeat(40);
    const trades = Array.from({ length: 6_000 }, (_, index) => oldTrade(index, { id: `big-${index}`, note }));
    await put("trades:list", trades.reverse());
    const { code, counts, stderr } = await run("--verify");
    expect(code, stderr).to.equal(0);
    expect(counts).to.include({ new: 6_000, refused: 0 });
    expect((await stored()).every((trade) => trade.note === note)).to.equal(true);
  });

  it("keeps what is here already: other trades, a newer portfolio, and an id that means something else", async () => {
    await put("trades:list", [oldTrade(1)]);
    await put("portfolio:model-1", { model: "model-1", balance: 5, last_update: "2025-01-01T00:00:00Z" });
    await run();
    await put("trades:list", [oldTrade(2), oldTrade(1, { qty: 77 })]);
    await put("portfolio:model-1", { model: "model-1", balance: 6, last_update: "2024-01-01T00:00:00Z" });
    const { code, counts, stdout } = await run("--verify");
    expect(code).to.equal(1);
    expect(counts).to.include({ new: 1, repeated: 1, refused: 1 });
    expect(stdout)
      .to.include("key trades:list[1]: id is the id of a trade that is there already, with other content")
      .and.include("is other here (trade old-1)")
      .and.include("The playground differs from its source.");
    expect(await query(DATABASE_URL, "SELECT balance::text FROM portfolios")).to.deep.equal([
      { balance: "5" },
    ]);
  });

  it("counts returns from the balance that the command line says", async () => {
    await put("trades:list", [oldTrade(1)]);
    await put("portfolio:model-1", {
      model: "model-1",
      balance: 10_200,
      last_update: "2025-11-01T00:00:00Z",
    });
    await run("--starting-balance", "10000");
    expect(
      await query(DATABASE_URL, "SELECT starting_balance::text, balance::text FROM portfolios"),
    ).to.deep.equal([{ starting_balance: "10000", balance: "10200" }]);
    expect((await run("--starting-balance", "10000")).counts).to.include({ new: 0, repeated: 2 });
    expect((await run("--starting-balance", "-1")).stderr).to.include("wants an amount");
  });

  it("shows the way to a portfolio that was taken over: what the trades say, up to what was reported", async () => {
    const closed = (index: number, pnl: number) => oldTrade(index, { model: "m", pnl });
    await put("trades:list", [
      closed(3, -20),
      closed(2, 50.5),
      closed(1, 100),
      oldTrade(9, { model: "m", status: "open" }),
    ]);
    await put("portfolio:m", { model: "m", balance: 10_130.5, last_update: "2025-10-01T00:02:30Z" });
    await run("--starting-balance", "10000");
    const app = await startHere({ DATABASE_URL });
    const path = "/api/portfolio/history?model=m";
    const curve = get<{ points: { t: string; equity: number }[] }>(`${app.url}${path}`);
    const { points } = (await curve.finally(app.stop)).body;
    expect(points.map(({ t, equity }) => [t.slice(14, 19), equity])).to.deep.equal([
      ["01:00", 10_000],
      ["01:00", 10_080],
      ["02:00", 10_130.5],
      ["02:30", 10_130.5],
    ]);
  });

  it("follows the source until it is told to end, and takes each newcomer once", async () => {
    await put("trades:list", [oldTrade(1)]);
    const { child, ended } = startImport(["redis", source.url, "--follow", "--every", "0.05"], {
      DATABASE_URL,
    });
    await eventually(async () => (await stored().catch(() => [])).length === 1);
    await put("trades:list", [oldTrade(3), oldTrade(2), oldTrade(1)]);
    await eventually(async () => (await stored()).length === 3);
    await redis.set("trades:list", "null");
    await put("portfolio:model-9", { model: "model-9", balance: 3 });
    await eventually(async () => (await query(DATABASE_URL, "SELECT 1 FROM portfolios")).length === 1);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code, stderr).to.equal(0);
    expect(stdout).to.include("3 more while following.");
    expect((await stored()).map(({ id }) => id)).to.deep.equal(["old-1", "old-2", "old-3"]);
  });

  it("ends following by itself when nothing has come for so long", async () => {
    await put("trades:list", [oldTrade(1)]);
    const { code, stderr } = await run("--follow", "--every", "0.05", "--until-idle", "0.3");
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include("Nothing new for");
  });

  it("reads a cluster, of which the URL names one node", async function () {
    const nodes: TestRedis[] = [];
    for (const _ of [1, 2]) {
      const options = ["--cluster-enabled", "yes", "--cluster-port", String(await ownPort())];
      const config = ["--cluster-config-file", `${folder.path}/${nodes.length}.conf`];
      nodes.push(await startRedis(this, ...options, ...config));
    }
    const [first, second] = nodes.map(({ url }) => new Redis(url)) as [Redis, Redis];
    try {
      await first.cluster("ADDSLOTSRANGE", 0, 8191);
      await second.cluster("ADDSLOTSRANGE", 8192, 16383);
      const busPort = Number(/@(\d+)/.exec(String(await second.cluster("NODES")))?.[1]);
      await first.call("CLUSTER", "MEET", "127.0.0.1", String(nodes[1]?.port), String(busPort));
      await eventually(async () =>
        (await Promise.all([first, second].map((node) => node.cluster("INFO")))).every(
          (info) => info.includes("cluster_state:ok") && info.includes("cluster_known_nodes:2"),
        ),
      );
      const cluster = new Cluster([{ host: "127.0.0.1", port: nodes[0]?.port ?? 0 }]);
      await cluster.set("trades:list", JSON.stringify([oldTrade(2), oldTrade(1)]));
      for (const n of [1, 2, 3, 4, 5, 6]) {
        await cluster.set(`portfolio:model-${n}`, JSON.stringify({ model: `model-${n}`, balance: n }));
      }
      cluster.disconnect();
      for (const { url } of nodes) {
        const { counts, stderr } = await runImport(["redis", url, "--dry-run"], { DATABASE_URL });
        expect(counts, stderr).to.include({ new: 8, refused: 0 });
      }
    } finally {
      for (const node of [first, second]) node.disconnect();
      for (const node of nodes) await node.stop();
    }
  });

  it("reads Upstash's REST address, whose token is the password of the same host", () => {
    const url = "https://calm-owl-1.upstash.io";
    const wanted = "rediss://default:to%2Fken@calm-owl-1.upstash.io:6379";
    expect(redisAddress(url, { token: "to/ken" })).to.deep.equal({
      url: wanted,
      name: "rediss://calm-owl-1.upstash.io:6379",
    });
    expect(redisAddress(url, {}, wanted).url).to.equal(wanted);
    expect(() => redisAddress(url, {}, "rediss://default:x@other.upstash.io:6379")).to.throw(
      "needs its token",
    );
    expect(() => redisAddress("http://x", {})).to.throw("starts with http://");
    expect(() => redisAddress("nonsense", {})).to.throw("is no URL");
    expect(redisAddress("redis://:secret@h:1/2", {}).name).to.equal("redis://h:1/2");
  });
});

/** Every key with its type, value and whether it has a life: what reading must not change. */
async function contentOf(redis: Redis): Promise<Record<string, unknown>> {
  const keys = (await redis.keys("*")).sort();
  const all = keys.map(async (key) => [key, await redis.get(key), await redis.pttl(key)]);
  return Object.fromEntries((await Promise.all(all)).map(([key, ...rest]) => [key, rest]));
}
