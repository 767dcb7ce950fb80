import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Redis } from "ioredis";
import { eventually } from "../support/eventually.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { ALL_TRADES, type StoredTrade, startImport } from "./import-run.ts";
import { oldTrade } from "./legacy-stores.ts";

describe("import --follow, of a source that is not always whole", () => {
  let source: TestRedis;
  let redis: Redis;
  let DATABASE_URL: string;

  before(async function () {
    source = await startRedis(this);
    redis = new Redis(source.url);
    DATABASE_URL = await newDatabase();
  });
  after(async () => {
    redis?.disconnect();
    await source?.stop();
  });
  const stored = () => query<StoredTrade>(DATABASE_URL, ALL_TRADES);

  it("loses nothing of a look that broke off, closes what was closed, and says what it refuses", async () => {
    const open = oldTrade(1, { status: "open", pnl: 0 });
    await redis.set("trades:list", JSON.stringify([open]));
    const { child, ended } = startImport(["redis", source.url, "--follow", "--every", "0.2"], {
      DATABASE_URL,
    });
    await eventually(async () => (await stored().catch(() => [])).length === 1);
    const closed = { ...open, status: "closed", pnl: 7 };
    const list = [oldTrade(4, { qty: -1 }), oldTrade(3), oldTrade(2), closed];
    await redis.mset("trades:list", JSON.stringify(list), "sentiment:logs", "oops");
    await sleep(700);
    await redis.del("sentiment:logs");
    await eventually(async () => (await stored()).length === 3);
    child.kill("SIGINT");
    const { stdout, stderr } = await ended;
    expect(stderr)
      .to.include("Looking again.")
      .and.include("Refused: key trades:list[0]: qty must be greater");
    expect(stdout).to.include("more while following, and 1 refused.");
    const { status, pnl } = (await stored()).find(({ id }) => id === "old-1") as StoredTrade;
    expect({ status, pnl }).to.deep.equal({ status: "closed", pnl: "7" });
  });
});
