import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";

interface History {
  points: { t: string; balance: string; equity: string }[];
  count: number;
}

describe("equity curves", () => {
  let app: App;
  let api: string;
  let database: string;
  before(async () => {
    database = await newDatabase();
    app = await startHere({ DATABASE_URL: database });
    api = `${app.url}/api`;
  });
  after(() => app.stop());

  const history = async (model: string, more = "") => {
    const { body } = await get<History>(
      `${api}/portfolio/history?model=${encodeURIComponent(model)}&decimals=string${more}`,
    );
    return body.points.map(({ t, equity }) => `${t} ${equity}`);
  };
  /** The ledger as the table has it. */
  const ledger = async (model: string) => {
    const rows = await query<{ t: Date; equity: string }>(
      database,
      `SELECT coalesce(closed_at, "timestamp") AS t,
         trim_scale(10000 + sum(pnl) OVER (ORDER BY coalesce(closed_at, "timestamp"), id))::text AS equity
       FROM trades WHERE model = $1 AND status = 'closed' ORDER BY coalesce(closed_at, "timestamp"), id`,
      [model],
    );
    return rows.map(({ t, equity }) => `${t.toISOString()} ${equity}`);
  };

  it("keep the ledger before a model's first report, and go on with its reports", async () => {
    for (let day = 1; day <= 4; day++) {
      await post(
        `${api}/trades`,
        aTrade({ model: "season", pnl: day, timestamp: `2026-01-0${day}T00:00:00Z` }),
      );
    }
    expect(await history("season")).to.have.length(4);
    await post(`${api}/portfolio`, {
      model: "season",
      balance: "8934.25",
      last_update: "2026-01-09T00:00:00Z",
    });
    await post(`${api}/trades`, aTrade({ model: "season", pnl: 5, timestamp: "2026-01-10T00:00:00Z" }));
    await post(`${api}/portfolio`, {
      model: "season",
      balance: "8939.25",
      last_update: "2026-01-11T00:00:00Z",
    });
    const [{ starting_balance: start } = { starting_balance: "" }] = await query<{
      starting_balance: string;
    }>(
      database,
      "SELECT trim_scale(starting_balance) AS starting_balance FROM portfolios WHERE model = 'season'",
    );
    expect(await history("season")).to.deep.equal([
      ...[1, 3, 6, 10].map((sum, index) => `2026-01-0${index + 1}T00:00:00.000Z ${Number(start) + sum}`),
      "2026-01-09T00:00:00.000Z 8934.25",
      "2026-01-11T00:00:00.000Z 8939.25",
    ]);
  });

  it("have what was written before they were asked for: closes, late trades, equal moments, other instances", async () => {
    const other = await startHere({ DATABASE_URL: database });
    const model = "written between";
    const moment = (n: number) => `2026-02-01T00:00:${String(n).padStart(2, "0")}.000Z`;
    try {
      for (let n = 0; n < 60; n++) {
        const url = n % 3 === 0 ? `${other.url}/api` : api;
        const id = `${(n * 37) % 60} of them`;
        const trade = aTrade({
          id,
          model,
          pnl: `${(n % 7) - 3}.0${n % 10}`,
          timestamp: moment((n * 7) % 20),
        });
        const isOpen = n % 5 === 4;
        await post(`${url}/trades`, isOpen ? { ...trade, status: "open" } : trade);
        if (n % 10 === 9) {
          await patch(`${api}/trades/${encodeURIComponent(id)}`, {
            exit_price: 1,
            pnl: n,
            closed_at: moment(n),
          });
        }
        if (n % 4 === 0) expect(await history(model), `after ${n}`).to.deep.equal(await ledger(model));
      }
      expect(await history(model)).to.deep.equal(await ledger(model));
    } finally {
      await other.stop();
    }
  });

  it("are thinned to the last of equal runs, within the moments asked for", async () => {
    const model = "long";
    for (let part = 0; part < 3; part++) {
      const trades = Array.from({ length: 1000 }, (_, index) => {
        const at = Date.UTC(2026, 2, 1) + (part * 1000 + index) * 1000;
        return aTrade({ model, pnl: (index % 9) - 4, timestamp: new Date(at).toISOString() });
      });
      await post(`${api}/trades/bulk`, { trades });
      const all = await ledger(model);
      expect(await history(model, "&points=5000")).to.deep.equal(all);
      const runs = Array.from({ length: 7 }, (_, run) => Math.ceil(((run + 1) * all.length) / 7) - 1);
      expect(await history(model, "&points=7")).to.deep.equal(runs.map((index) => all[index]));
      const some = await history(model, "&from=2026-03-01T00:01:00Z&to=2026-03-01T00:02:00.500Z");
      expect(some).to.deep.equal(all.slice(60, 121));
    }
  });

  it("are read anew where the tape no longer tells what came, and after a restore", async () => {
    const model = "trimmed";
    const write = (day: number) =>
      post(`${api}/trades`, aTrade({ model, pnl: day, timestamp: `2026-04-0${day}T00:00:00Z` }));
    await write(1);
    expect(await history(model)).to.have.length(1);
    await write(2);
    await write(3);
    await query(database, "DELETE FROM tape WHERE seq < (SELECT seq FROM tape_head)");
    await query(database, "UPDATE tape_head SET oldest = seq");
    expect(await history(model)).to.deep.equal(await ledger(model));
    await query(database, "DELETE FROM trades WHERE model = $1 AND pnl = 1", [model]);
    await query(database, "UPDATE tape_head SET epoch = 'another'");
    expect(await history(model)).to.deep.equal(await ledger(model));
  });
});
