import { expect } from "chai";
import { Decimal } from "decimal.js";
import fc from "fast-check";
import { portfolioReport } from "../../src/contracts/portfolio.ts";
import { newTrade, tradeClose } from "../../src/contracts/trades.ts";
import { migrate } from "../../src/platform/postgres/migrate.ts";
import { reportPortfolio } from "../../src/portfolio/report-portfolio.ts";
import { portfolioWrite } from "../../src/portfolio/write-kind.ts";
import { trimTape } from "../../src/tape/retention.ts";
import { closeTrade } from "../../src/trades/close-trade.ts";
import { recordTrade } from "../../src/trades/record-trade.ts";
import { get } from "../support/http.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { type NaiveRow, naiveBoard } from "./naive-board.ts";
import { NO_PRICES, type OpenBoard, openBoard } from "./open-board.ts";

type Step =
  | { what: "trade"; model: number; hour: number; pnl: number; isClosed: boolean; late: boolean }
  | { what: "close"; pick: number; hour: number; pnl: number }
  | { what: "report"; model: number; balance: number | undefined; hour: number | undefined }
  | { what: "repeat"; pick: number };

const model = fc.integer({ min: 0, max: 2 });
const hour = fc.integer({ min: 0, max: 120 });
const pnl = fc.integer({ min: -40_000, max: 40_000 });
const pick = fc.nat(50);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant("trade" as const),
      model,
      hour,
      pnl,
      isClosed: fc.boolean(),
      late: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("close" as const), pick, hour, pnl }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("report" as const),
      model,
      balance: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
      hour: fc.option(hour, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("repeat" as const), pick }) },
);

const WRITE_REPORT = portfolioWrite(NO_PRICES);
const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString();

/** Plays steps through the service's own use cases; `sent` is what there is to close and to repeat. */
function player(board: () => OpenBoard, prefix: string) {
  const sent: { id: string; isOpen: boolean; trade: Record<string, unknown> }[] = [];
  return async (step: Step) => {
    const picked = "pick" in step ? sent[step.pick % Math.max(1, sent.length)] : undefined;
    if (step.what === "report") {
      const last_update = step.hour === undefined ? undefined : at(step.hour);
      const report = { model: prefix + step.model, balance: step.balance, last_update };
      await reportPortfolio(board(), WRITE_REPORT, portfolioReport.parse(report));
    } else if (step.what === "trade") {
      const id = `${prefix}${sent.length}`;
      const trade = {
        id,
        model: prefix + step.model,
        symbol: "BTC",
        side: "buy",
        qty: 1,
        price: 1,
        pnl: step.pnl / 8,
        fee: Math.abs(step.pnl % 7) / 100,
        status: step.isClosed ? "closed" : "open",
        timestamp: at(step.hour),
        ...(step.isClosed && step.late && { closed_at: at(step.hour + 30) }),
      };
      await recordTrade(board(), newTrade.parse(trade));
      sent.push({ id, isOpen: !step.isClosed, trade });
    } else if (picked !== undefined && step.what === "repeat") {
      const { repeated } = await recordTrade(board(), newTrade.parse(picked.trade));
      expect(repeated).to.equal(true);
    } else if (picked?.isOpen === true && step.what === "close") {
      const close = { exit_price: 2, pnl: step.pnl / 8, closed_at: at(step.hour) };
      await closeTrade(board(), picked.id, tradeClose.parse(close));
      picked.isOpen = false;
    }
  };
}

describe("the leaderboard over random histories", () => {
  let url: string;
  let board: OpenBoard;

  before(async () => {
    url = await newDatabase();
    await migrate(url);
    // So few are held beside a curve that short histories also go the long way.
    board = await openBoard(url, 2);
  });
  after(() => board.close());

  async function shouldAgree(prefix: string, when: string): Promise<void> {
    const { status, body } = await get<{ leaderboard: (NaiveRow & { sharpe: string | null })[] }>(
      `${board.url}/api/leaderboard?decimals=string`,
    );
    expect(status, when).to.equal(200);
    const naive = await naiveBoard(board.database, prefix);
    const rows = body.leaderboard.filter((row) => row.model.startsWith(prefix));
    expect(
      rows.map(({ model }) => model),
      when,
    ).to.deep.equal(naive.map(({ model }) => model));
    naive.forEach(({ sharpe, ...expected }, index) => {
      const row = rows[index];
      expect(row, when).to.deep.include(expected);
      if (sharpe === null || row?.sharpe == null) expect(row?.sharpe, when).to.equal(sharpe);
      else {
        const off = new Decimal(row.sharpe).minus(sharpe).abs();
        expect(
          off.lte(sharpe.abs().times(1e-15).plus(1e-15)),
          `${when}: ${row.sharpe}, not ${sharpe}`,
        ).to.equal(true);
      }
    });
  }

  async function restart(prepare: string[]): Promise<void> {
    await board.close();
    for (const statement of prepare) await query(url, statement);
    board = await openBoard(url, 2);
  }

  it("equals what the tables say at any seq, and after every kind of restart", async () => {
    await query(url, "CREATE TABLE early (LIKE scoreboard_checkpoints)");
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 24 }),
        fc.array(step, { maxLength: 6 }),
        async (history, more) => {
          const prefix = `run${++run}-`;
          const play = player(() => board, prefix);
          const half = Math.floor(history.length / 2);
          for (const [index, one] of history.entries()) {
            await play(one);
            if (index % 5 === 4) await shouldAgree(prefix, `after step ${index}`);
            if (index === half) {
              // What was saved in the middle is kept aside.
              await restart(["TRUNCATE early", "INSERT INTO early SELECT * FROM scoreboard_checkpoints"]);
            }
          }
          await shouldAgree(prefix, "at the end");
          await restart([]);
          await shouldAgree(prefix, "from what was saved at the stop");
          const takeEarly = [
            "DELETE FROM scoreboard_checkpoints",
            "INSERT INTO scoreboard_checkpoints SELECT * FROM early",
          ];
          await restart(takeEarly);
          await shouldAgree(prefix, "from what was saved in the middle and the tape since");
          for (const one of more) await play(one);
          await shouldAgree(prefix, "going on from there");
          await restart(["DELETE FROM scoreboard_checkpoints"]);
          await shouldAgree(prefix, "from the tables");
          await trimTape(board.database, 1, Date.now() + 3 * 86_400_000);
          await restart(takeEarly);
          await shouldAgree(prefix, "with the tape trimmed past what was saved");
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });
});
