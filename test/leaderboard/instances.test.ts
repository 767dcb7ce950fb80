import { expect } from "chai";
import { io } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere, startInstance } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { readAnalytics, readBoard, readRow } from "./read-board.ts";

describe("the leaderboard on several instances", () => {
  let database: string;
  let one: App;
  let other: App;

  before(async () => {
    database = await newDatabase();
    [one, other] = await Promise.all([
      startHere({ DATABASE_URL: database }),
      startHere({ DATABASE_URL: database }),
    ]);
  });
  after(async () => {
    await Promise.all([one.stop(), other.stop()]);
  });

  it("shows a write to whoever asks another instance at once", async () => {
    for (let index = 1; index <= 10; index++) {
      const written = await post<{ trade: { seq: number } }>(
        `${one.url}/api/trades`,
        aTrade({ model: "everywhere", pnl: 1 }),
      );
      const { leaderboard, as_of_seq } = await readBoard(other.url);
      expect(leaderboard[0]).to.include({ model: "everywhere", trades: index, equity: 10_000 + index });
      expect(as_of_seq).to.be.at.least(written.body.trade.seq);
      const analytics = await readAnalytics(other.url, "everywhere");
      expect(analytics.body).to.include({ trades: index, realized_pnl: index });
    }
    const [mine, theirs] = await Promise.all([readBoard(one.url), readBoard(other.url)]);
    expect(mine.leaderboard).to.deep.equal(theirs.leaderboard);
  });

  it("works the scores out anew when the tape has become another one", async () => {
    const watcher = io(other.url, { transports: ["websocket"], auth: { channels: ["leaderboard"] } });
    const reset = new Promise<{ reason: string; epoch: string; head: number }>((resolve) =>
      watcher.once("reset", resolve),
    );
    await new Promise((resolve) => watcher.once("leaderboard", resolve));
    // What a restore of an older backup leaves behind.
    await query(database, "DELETE FROM trades WHERE model = 'everywhere' AND seq > 3");
    await query(database, "DELETE FROM tape WHERE seq > 3");
    await query(database, "UPDATE tape_head SET seq = 3, trades_seq = 3, epoch = 'restored' WHERE id = 1");
    for (const { url } of [one, other]) {
      const row = await eventually(async () => {
        const answer = await get<{ leaderboard: { trades: number }[]; as_of_seq: number }>(
          `${url}/api/leaderboard`,
        );
        // Until the instance has noticed, it must not answer with the scores of the tape that is gone.
        if (answer.status === 200) expect(answer.body.as_of_seq).to.equal(3);
        return answer.status === 200 && answer.body.leaderboard[0];
      });
      expect(row).to.include({ trades: 3, equity: 10_003 });
    }
    expect(await reset).to.include({ reason: "epoch", epoch: "restored", head: 3 });
    watcher.disconnect();
    await post(`${one.url}/api/trades`, aTrade({ model: "everywhere", pnl: 10 }));
    expect(await readRow(other.url, "everywhere")).to.include({ trades: 4, equity: 10_013 });
    expect((await readAnalytics(one.url, "everywhere")).body).to.include({ trades: 4, as_of_seq: 4 });
  });

  it("saves the board at a stop, and begins from the tables where what was saved is another tape's", async () => {
    const first = await startInstance({ DATABASE_URL: database });
    await post(`${first.url}/api/trades`, aTrade({ model: "restarted", pnl: 2 }));
    const before = await readBoard(first.url);
    expect(await first.stop()).to.equal(0);
    const [saved] = await query<{ seq: number }>(
      database,
      "SELECT as_of_seq::int AS seq FROM scoreboard_checkpoints",
    );
    expect(saved?.seq).to.equal(before.as_of_seq);
    await query(database, "UPDATE scoreboard_checkpoints SET as_of_seq = 2, epoch = 'another'");
    const second = await startInstance({ DATABASE_URL: database });
    try {
      expect((await readBoard(second.url)).leaderboard).to.deep.equal(before.leaderboard);
    } finally {
      await second.kill();
    }
  });

  it("does not trust a saved board that is ahead of the tape, or that it cannot read", async () => {
    const { leaderboard } = await readBoard(one.url);
    const lies = [
      'as_of_seq = 1000000, epoch = (SELECT epoch FROM tape_head), state = \'{"format":1,"scores":[]}\'',
      'as_of_seq = 1, epoch = (SELECT epoch FROM tape_head), state = \'{"format":0,"scores":[]}\'',
      'as_of_seq = 1, epoch = (SELECT epoch FROM tape_head), state = \'{"format":1,"scores":[{}]}\'',
    ];
    for (const lie of lies) {
      await query(database, `UPDATE scoreboard_checkpoints SET ${lie}`);
      const app = await startHere({ DATABASE_URL: database });
      try {
        expect((await readBoard(app.url)).leaderboard).to.deep.equal(leaderboard);
      } finally {
        await app.stop();
      }
    }
  });

  it("takes a model from the tables where an entry behind the saved board cannot be read", async () => {
    const before = await readBoard(one.url);
    const saved = "SELECT as_of_seq::int AS seq FROM scoreboard_checkpoints";
    // What is saved is from before the entry; the service saves again only after a while.
    const [{ seq = 0 } = {}] = await query<{ seq: number }>(database, saved);
    await post(`${one.url}/api/trades`, aTrade({ model: "unreadable", pnl: 3 }));
    await post(`${one.url}/api/portfolio`, { model: "unreadable", balance: 10_003 });
    expect(seq).to.be.at.most(before.as_of_seq);
    await query(database, "UPDATE tape SET data = '{}' WHERE model = 'unreadable'");
    const expected = await readBoard(one.url);
    const app = await startHere({ DATABASE_URL: database });
    try {
      expect((await readBoard(app.url)).leaderboard).to.deep.equal(expected.leaderboard);
      const metrics = await (await fetch(`${app.url}/metrics`)).text();
      expect(metrics).to.match(/scoreboard_unreadable_entries 2$/m);
      await post(`${one.url}/api/trades`, aTrade({ model: "unreadable", pnl: 4 }));
      expect(await readRow(app.url, "unreadable")).to.include({ trades: 2, ledger_equity: 10_007 });
    } finally {
      await app.stop();
    }
  });
});
