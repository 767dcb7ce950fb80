import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { startRedis } from "../support/redis.ts";
import { subscribeTo } from "../support/subscriber.ts";
import { candlesOf, metric, type Point, readCandles } from "./support.ts";
import { realTicks, replayText } from "./ticks.ts";

const START = Date.parse("2023-02-02T09:20:00.138Z");

/** Ticks half a second apart that move a little. */
function madeTicks(count: number): Point[] {
  return Array.from({ length: count }, (_, index) => ({
    time: START + index * 500,
    price: (1600 + ((index * 7919) % 101) / 100).toFixed(2),
    volume: (0.001 * (1 + (index % 13))).toFixed(3),
  }));
}

describe("the replay feed", () => {
  let folder: string;
  let database: string;
  const apps: App[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "replay-"));
    database = await newDatabase();
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function replay(text: string, speed: number, more: Record<string, string> = {}): Promise<App> {
    const file = join(folder, "ticks.csv");
    await writeFile(file, text);
    const app = await startHere({ DATABASE_URL: database, PRICE_FEED: `replay:${file}@${speed}x`, ...more });
    apps.push(app);
    return app;
  }
  const played = (app: App, ticks: number) =>
    eventually(async () => (await metric(app.url, "market_ticks_total")) === ticks);

  it("makes the very candles that are computed from a file of real trades", async function () {
    const points = realTicks(this);
    const app = await replay(replayText("ETH", points), 200);
    await played(app, points.length);
    for (const interval of ["1m", "5m", "1h"] as const) {
      expect(await readCandles(app, "ETH", interval), interval).to.deep.equal(candlesOf(points, interval));
    }
    const last = points.at(-1);
    const { body } = await get(`${app.url}/api/market?symbol=ETH&decimals=string`);
    expect(body).to.include({ price: last?.price, source: "replay", stale: false });
    expect(Date.parse(String(body.as_of))).to.be.greaterThan(START + 86_400_000);
  });

  it("reads recorded trades through the documented conversion", async function () {
    const points = realTicks(this);
    const docs = await readFile(fileURLToPath(new URL("../../docs/market.md", import.meta.url)), "utf8");
    const program = /awk -F, -v OFS=, '([^']+)' trades\.csv/.exec(docs)?.[1] as string;
    const file = fileURLToPath(new URL("../../../shared/data/ticks/ethusdt-2023-02-02.csv", import.meta.url));
    const text = execFileSync("awk", ["-F,", "-v", "OFS=,", program, file], { encoding: "utf8" });
    expect(text).to.equal(replayText("ETH", points));
  });

  it("shows each price to live clients, and the newest last", async () => {
    const points = madeTicks(240);
    const app = await replay(replayText("ETH", points), 60);
    const subscriber = subscribeTo(app.url, ["prices/ETH"]);
    const prices: number[] = [];
    subscriber.socket.on("prices", (frame: { price: number }[]) =>
      prices.push(...frame.map(({ price }) => price)),
    );
    await eventually(async () => prices.at(-1) === Number(points.at(-1)?.price));
    subscriber.close();
    const inFile = new Set(points.map(({ price }) => Number(price)));
    expect(prices.every((price) => inFile.has(price))).to.equal(true);
    expect(prices.length).to.be.lessThan(points.length);
  });

  it("drops and counts what cannot be a price, and takes everything else", async () => {
    const good = madeTicks(40);
    const lines = good.map(({ time, price, volume }) => `${time},ETH,${price},${volume}`);
    const at = (index: number) => START + index * 500;
    lines.splice(
      20,
      0,
      `${at(19)},ETH,0,1`,
      `${at(19)},ETH,-1600,1`,
      `${at(19)},ETH,NaN,1`,
      `${at(19)},ETH,1e309,1`,
      `${at(19)},ETH,Infinity,1`,
      `${at(19)},ETH,1600,-1`,
      `${at(19)},ETH,16000,1`,
      `${at(19)},ETH,16.00,1`,
      `${at(5)},ETH,1600,1`,
      `${at(19) + 86_400_000},ETH,1600,1`,
      "soon,ETH,1600,1",
      `${at(19)},a b,1600,1`,
      `${at(19)}`,
    );
    const app = await replay(["timestamp_ms,symbol,price,amount", ...lines, ""].join("\n"), 100);
    await played(app, good.length);
    expect(await readCandles(app, "ETH", "1m")).to.deep.equal(candlesOf(good, "1m"));
    const dropped = async (reason: string) => await metric(app.url, `market_dropped_${reason}_total`);
    expect({
      not_positive: await dropped("not_positive"),
      malformed: await dropped("malformed"),
      absurd: await dropped("absurd"),
      late: await dropped("late"),
      future: await dropped("future"),
    }).to.deep.equal({ not_positive: 3, malformed: 6, absurd: 2, late: 1, future: 1 });
  });

  it("takes columns in any order, a file without a header, and carries each symbol of the file", async () => {
    const shuffled = await replay(`amount,price,id,timestamp_ms,symbol\n1.5,10,x,${START},eth\n`, 1);
    await played(shuffled, 1);
    expect((await readCandles(shuffled, "ETH", "1m"))[0]).to.include({ open: "10", volume: "1.5" });
    await shuffled.stop();
    apps.pop();
    const bare = await replay(`${START},LTC,90,1\n${START + 1},AVAX,20,\n`, 1);
    await played(bare, 2);
    expect((await readCandles(bare, "AVAX", "1m"))[0]).to.include({ close: "20", volume: "0" });
  });

  it("keeps posted prices out of a symbol that it replays, and takes those of others", async () => {
    const app = await replay(replayText("ETH", madeTicks(1)), 1);
    await played(app, 1);
    const { body } = await post(`${app.url}/api/market/prices`, {
      prices: [
        { symbol: "ETH", price: 5 },
        { symbol: "BTC", price: 6 },
      ],
    });
    expect(body.accepted).to.equal(1);
    expect(await metric(app.url, "market_dropped_replayed_total")).to.equal(1);
  });

  it("goes on where it was after a restart, and ends with the file's candles", async function () {
    const redis = await startRedis(this);
    const points = madeTicks(400);
    const text = replayText("ETH", points);
    try {
      const environment = { REDIS_URL: redis.url };
      const first = await replay(text, 100, environment);
      await eventually(async () => (await metric(first.url, "market_ticks_total")) > 100);
      await first.stop();
      apps.pop();
      const second = await replay(text, 100, environment);
      const whole = candlesOf(points, "1h")[0]?.volume;
      await eventually(async () => (await readCandles(second, "ETH", "1h"))[0]?.volume === whole);
      for (const interval of ["1m", "5m", "1h"] as const) {
        expect(await readCandles(second, "ETH", interval), interval).to.deep.equal(
          candlesOf(points, interval),
        );
      }
      expect(await metric(second.url, "market_ticks_total")).to.be.lessThan(300);
      expect(await metric(second.url, "market_dropped_late_total")).to.equal(0);
    } finally {
      for (const app of apps.splice(0)) await app.stop();
      await redis.stop();
    }
  });

  const unusable: [string, string, string][] = [
    ["a file that is not there", "", "no such file"],
    ["a file with other columns", "date,close\n2023-02-02,1\n", "timestamp_ms,symbol,price,amount"],
    ["an empty file", "\n", "has no rows"],
  ];
  for (const [name, text, expected] of unusable) {
    it(`stops the start with a sentence for ${name}`, async () => {
      const file = join(folder, text === "" ? "absent.csv" : "unusable.csv");
      if (text !== "") await writeFile(file, text);
      const start = startHere({ DATABASE_URL: database, PRICE_FEED: `replay:${file}` });
      const error = await start.then(
        () => undefined,
        (reason: Error) => reason,
      );
      expect(error?.message).to.match(/^The setting PRICE_FEED cannot be used: /);
      expect(error?.message).to.include(expected);
    });
  }
});
