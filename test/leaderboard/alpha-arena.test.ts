import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { runImport } from "../cli/import-run.ts";
import { post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { readAnalytics, readBoard } from "./read-board.ts";

const FOLDER = "../shared/data/alpha-arena-2025-10-26";
/** Theirs are sums of binary floating point. */
const RELATIVE = 1e-9;
/** Their trades call answers the newest 100, and this model had made 158. */
const CAPPED = "gemini-2.5-pro";

interface Published {
  model_id: string;
  fee_pnl_moves_breakdown_table: Record<string, number>;
  winners_losers_breakdown_table: Record<string, number>;
  longs_shorts_breakdown_table: Record<string, number>;
  overall_trades_overview_table: Record<string, number>;
}

/** Our fields and what nof1 published of the same meaning. */
const expectedOf = ({
  fee_pnl_moves_breakdown_table: fees,
  winners_losers_breakdown_table: winners,
  longs_shorts_breakdown_table: sides,
  overall_trades_overview_table: overview,
}: Published) => ({
  trades: overview.total_trades,
  realized_pnl: fees.overall_pnl_with_fees,
  gross_pnl: fees.overall_pnl_without_fees,
  fees: fees.total_fees_paid,
  win_rate: winners.win_rate,
  avg_pnl: fees.avg_net_pnl,
  avg_win: winners.avg_winners_net_pnl,
  avg_loss: winners.avg_losers_net_pnl,
  biggest_gain: fees.biggest_net_gain,
  biggest_loss: fees.biggest_net_loss,
  avg_notional: overview.avg_size_of_trade_notional,
  median_notional: overview.median_size_of_trade_notional,
  avg_holding_minutes: overview.avg_holding_period_mins,
  median_holding_minutes: overview.median_holding_period_mins,
  long_trades: sides.num_long_trades,
  short_trades: sides.num_short_trades,
});

describe("season 1 of nof1's Alpha Arena", () => {
  let app: App;
  let databaseUrl: string;

  before(async function () {
    if (!existsSync(FOLDER)) {
      process.stdout.write(`    skipped: ${FOLDER} is not there\n`);
      this.skip();
    }
    databaseUrl = await newDatabase();
    const { code, stderr } = await runImport(["alpha-arena", `${FOLDER}/trades.json`], {
      DATABASE_URL: databaseUrl,
    });
    expect(code, stderr).to.equal(0);
    app = await startHere({ DATABASE_URL: databaseUrl });
  });
  after(() => app?.stop());

  it("gives the analytics that nof1 published, for every model whose trades are all there", async () => {
    const { analytics } = JSON.parse(readFileSync(`${FOLDER}/analytics.json`, "utf8")) as {
      analytics: Published[];
    };
    const complete = analytics.filter(({ model_id }) => model_id !== CAPPED);
    expect(complete).to.have.length(5);
    for (const published of complete) {
      const { status, body } = await readAnalytics(app.url, published.model_id);
      expect(status).to.equal(200);
      for (const [field, theirs] of Object.entries(expectedOf(published))) {
        const ours = body[field] as number;
        expect(theirs, field).to.be.a("number");
        const what = `${published.model_id} ${field}: ${ours}, not ${theirs}`;
        expect(Math.abs(ours - (theirs as number)), what).to.be.at.most(
          Math.abs((theirs as number) * RELATIVE),
        );
      }
    }
  });

  it("has the same board when it is delivered newest first, as nof1's own file is", async () => {
    const imported = await readBoard(app.url);
    expect(imported.leaderboard).to.have.length(6);
    const trades = await query<Record<string, unknown>>(
      databaseUrl,
      `SELECT id, model, symbol, side, qty::text, price::text, pnl::text, fee::text, exit_price::text,
         opened_at, closed_at, "timestamp" FROM trades ORDER BY "timestamp" DESC, id`,
    );
    const fresh = await startHere({ DATABASE_URL: await newDatabase() });
    try {
      for (let from = 0; from < trades.length; from += 50) {
        const { status } = await post(`${fresh.url}/api/trades/bulk`, {
          trades: trades.slice(from, from + 50),
        });
        expect(status).to.equal(201);
      }
      expect((await readBoard(fresh.url)).leaderboard).to.deep.equal(imported.leaderboard);
    } finally {
      await fresh.stop();
    }
  });
});
