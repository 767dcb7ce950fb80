import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Client } from "pg";
import { type Database, openDatabase, type Statement } from "../../src/platform/postgres/database.ts";
import { migrate } from "../../src/platform/postgres/migrate.ts";
import { Appender, type WriteItem } from "../../src/tape/index.ts";
import { itemJson } from "../../src/tape/kinds.ts";
import { tradeItem } from "../../src/trades/record-trade.ts";
import { TRADE_WRITE } from "../../src/trades/write-kinds.ts";
import { newDatabase } from "../support/postgres.ts";

/** More than half a batch, so that no two groups ride together. */
const GROUP_ROWS = 600;

describe("batches on their way at once", () => {
  let url: string;
  let database: Database;
  let running = 0;
  let most = 0;
  let sent = 0;
  /** How many of the next statements are held up on their way. */
  let late = 0;

  before(async () => {
    url = await newDatabase();
    await migrate(url);
    const plain = openDatabase({ url, poolSize: 4, models: [] });
    database = {
      ...plain,
      async run<Row>(statement: Statement, values: unknown[]) {
        most = Math.max(most, ++running);
        sent++;
        if (late-- > 0) await sleep(200);
        return await plain.run<Row>(statement, values).finally(() => running--);
      },
    };
  });
  beforeEach(() => {
    most = 0;
  });
  after(() => database.close());

  it("are as many as was said, and every record comes once, in order, on a tape without gaps", async () => {
    const before = await head();
    const committed: number[] = [];
    const appender = open(2, (seqs) => committed.push(...seqs));
    const outcomes = await Promise.all(groups("two", 8).map((group) => appender.append(TRADE_WRITE, group)));
    expect(most).to.equal(2);
    const seqs = outcomes.flatMap((outcome) =>
      outcome.written ? outcome.entries.map(({ seq }) => seq) : [],
    );
    const expected = Array.from({ length: 8 * GROUP_ROWS }, (_, n) => before + n + 1);
    expect(seqs).to.deep.equal(expected);
    expect(committed).to.deep.equal(expected);
    expect(await head()).to.equal(before + 8 * GROUP_ROWS);
  });

  it("keep their order where a later one is quicker, or the one before it fails", async () => {
    const before = await head();
    const appender = open(2);
    const [first = [], slow = [], quick = [], bad = [], last = []] = groups("order", 5);
    bad[0] = { ...(bad[0] as WriteItem), body: "{}" };
    await appender.append(TRADE_WRITE, first);
    late = 1;
    const sentBefore = sent;
    const outcomes = await Promise.allSettled(
      [slow, quick, bad, last].map((group) => appender.append(TRADE_WRITE, group)),
    );
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    const starts = outcomes.map((outcome) =>
      outcome.status === "fulfilled" && outcome.value.written ? outcome.value.entries[0]?.seq : undefined,
    );
    const rows = GROUP_ROWS;
    expect(starts).to.deep.equal([
      before + rows + 1,
      before + 2 * rows + 1,
      undefined,
      before + 3 * rows + 1,
    ]);
    expect(await head()).to.equal(before + 4 * rows);
    expect(sent - sentBefore, "the quick one had to be sent twice").to.be.greaterThan(4);
  });

  it("are one where nothing else was said", async () => {
    const appender = open();
    await Promise.all(groups("one", 3).map((group) => appender.append(TRADE_WRITE, group)));
    expect(most).to.equal(1);
  });

  it("never hold the same id: the later group waits, and finds it known", async () => {
    const appender = open(2);
    const [first = [], second = []] = groups("same", 2);
    const [early, late, other] = await Promise.all([
      appender.append(TRADE_WRITE, first),
      appender.append(TRADE_WRITE, [...second, ...first.slice(0, 1)]),
      appender.append(TRADE_WRITE, groups("free", 1)[0] ?? []),
    ]);
    expect(early.written).to.equal(true);
    expect(late).to.deep.equal({ written: false, known: [GROUP_ROWS] });
    expect(other.written).to.equal(true);
    expect(most, "the third does not wait for the second").to.equal(2);
  });

  it("are all through once flushed", async () => {
    const appender = open(2);
    const before = await head();
    const appends = groups("flushed", 5).map((group) => appender.append(TRADE_WRITE, group));
    await appender.flush();
    expect(await head()).to.equal(before + 5 * GROUP_ROWS);
    expect(running).to.equal(0);
    await Promise.all(appends);
  });

  it("wait for one that is still being written, in place of being sent again", async () => {
    const before = await head();
    const item = tradeItem({ id: "waits", model: "m", symbol: "BTC", side: "buy", qty: "1", price: "1" });
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query("BEGIN");
    await other.query("UPDATE tape_head SET seq = seq + 5");
    const values = [`[${item.body}]`, new Date().toISOString(), `[${itemJson(0, item)}]`, before + 5];
    const waiting = database.run<{ base: string | null }>(TRADE_WRITE.statement, values);
    await sleep(200);
    await other.query("COMMIT");
    await other.end();
    expect((await waiting)[0]?.base).to.equal(`${before + 5}`);
  });

  function open(batchesInFlight?: number, onSeqs: (seqs: number[]) => void = () => {}): Appender {
    return new Appender({
      database,
      maxQueuedRows: 100_000,
      onCommit: ({ entries }) => onSeqs(entries.map(({ seq }) => seq)),
      ...(batchesInFlight !== undefined && { batchesInFlight }),
    });
  }

  function groups(name: string, count: number) {
    return Array.from({ length: count }, (_, group) =>
      Array.from({ length: GROUP_ROWS }, (_, row) =>
        tradeItem({
          id: `${name}-${group}-${row}`,
          model: `model-${row % 7}`,
          symbol: "BTC",
          side: "buy",
          qty: "1",
          price: "100",
        }),
      ),
    );
  }

  async function head(): Promise<number> {
    const [row] = await database.run<{ seq: string }>(
      { name: "test-head", text: "SELECT seq FROM tape_head" },
      [],
    );
    return Number(row?.seq);
  }
});
