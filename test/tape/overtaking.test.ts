import { expect } from "chai";
import { type Database, openDatabase, type Statement } from "../../src/platform/postgres/database.ts";
import { migrate } from "../../src/platform/postgres/migrate.ts";
import { Appender, type AppendOutcome } from "../../src/tape/index.ts";
import { tradeItem } from "../../src/trades/record-trade.ts";
import { TRADE_WRITE } from "../../src/trades/write-kinds.ts";
import { newDatabase, query } from "../support/postgres.ts";

/** More than half a batch, so that two groups of it do not ride together. */
const BIG = 600;

describe("a batch that overtakes the one before it", () => {
  let url: string;
  let plain: Database;

  before(async () => {
    url = await newDatabase();
    await migrate(url);
    plain = openDatabase({ url, poolSize: 4, models: [] });
  });
  after(() => plain.close());

  it("acknowledges nothing that it did not write, also where it holds a known trade beside a new one", async () => {
    // The first batch's statement is held up until the one behind it has been answered.
    let isHeldUp = false;
    let overtake = () => {};
    const overtaken = new Promise<void>((resolve) => {
      overtake = resolve;
    });
    const database: Database = {
      ...plain,
      async run<Row>(statement: Statement, values: unknown[]) {
        if (isHeldUp) {
          isHeldUp = false;
          await overtaken;
          return await plain.run<Row>(statement, values);
        }
        const rows = await plain.run<Row>(statement, values);
        overtake();
        return rows;
      },
    };
    const appender = new Appender({
      database,
      maxQueuedRows: 10_000,
      batchesInFlight: 2,
      onCommit: () => {},
    });
    const send = overtake;
    overtake = () => {};
    await appender.append(TRADE_WRITE, [trade("known")]);
    overtake = send;
    isHeldUp = true;
    const many = (name: string) => Array.from({ length: BIG }, (_, at) => trade(`${name}-${at}`));
    const groups = [many("first"), [trade("known")], many("fresh")];
    const outcomes: AppendOutcome[] = await Promise.all(
      groups.map((group) => appender.append(TRADE_WRITE, group)),
    );
    expect(outcomes.map(({ written }) => written)).to.deep.equal([true, false, true]);
    const [row] = await query<{ trades: number }>(url, "SELECT count(*)::int AS trades FROM trades");
    expect(row?.trades).to.equal(1 + 2 * BIG);
  });

  const trade = (id: string) =>
    tradeItem({ id, model: "m", symbol: "BTC", side: "buy", qty: "1", price: "100" });
});
