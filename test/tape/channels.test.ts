import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { aTrade, get, patch, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { rowsRead } from "../support/rows-read.ts";
import { subscribeTo } from "../support/subscriber.ts";

interface Event {
  seq: number;
  kind: string;
  data: { model?: string; symbol?: string };
}
interface Page {
  events: Event[];
  next_since: number;
  head: number;
}

const EVENTS: Record<string, string> = {
  trade: "trades",
  trade_close: "trades",
  portfolio: "portfolios",
  sentiment: "sentiments",
};

/** The channels that hold an event. */
function channelsOf({ kind, data }: Event): string[] {
  const event = EVENTS[kind] as string;
  const model = encodeURIComponent(data.model ?? "");
  if (event === "portfolios") return [event, `portfolios/${model}`];
  if (event === "sentiments") return [event, `sentiments/${data.symbol}`];
  return [event, `trades/model/${model}`, `trades/symbol/${data.symbol}`];
}

describe("channels of the tape", () => {
  let app: App;
  let database: string;
  const models = Array.from({ length: 12 }, (_, index) => `a/b ${index}`);
  before(async () => {
    database = await newDatabase();
    app = await startHere({ DATABASE_URL: database });
    const api = `${app.url}/api`;
    for (let part = 0; part < 4; part++) {
      const trades = Array.from({ length: 500 }, (_, n) => {
        // The further down the list, the rarer.
        const model = models[Math.floor(12 * (n / 500) ** 3)];
        const status = n % 50 === 0 ? "open" : "closed";
        return aTrade({ id: `${part}-${n}`, model, symbol: ["BTC", "ETH", "BTC/USDT"][n % 3], status });
      });
      await post(`${api}/trades/bulk`, { trades });
      await post(`${api}/portfolio`, { model: models[part], balance: part });
      await post(`${api}/sentiment`, {
        text: "a good day",
        symbol: part === 2 ? "ETH" : "BTC",
        model: models[1],
      });
      await patch(`${api}/trades/${part}-50`, { exit_price: 1 });
    }
  });
  after(() => app.stop());

  /** All pages after `since`. */
  async function readAll(channels: string[] | undefined, since: number, limit: number): Promise<Event[]> {
    const events: Event[] = [];
    let next = since;
    for (;;) {
      const query = channels === undefined ? "" : `&channels=${encodeURIComponent(channels.join(","))}`;
      const { body } = await get<Page>(`${app.url}/api/tape?since=${next}&limit=${limit}${query}`);
      expect(body.events.length).to.be.at.most(limit);
      events.push(...body.events);
      if (body.next_since >= body.head) return events;
      expect(body.next_since).to.be.greaterThan(next);
      next = body.next_since;
    }
  }

  it("are read in any mixture as the whole tape has them, whatever the page", async () => {
    const all = await readAll(undefined, 0, 10_000);
    const everyModel = models.flatMap((model) => {
      const name = encodeURIComponent(model);
      return [`trades/model/${name}`, `portfolios/${name}`];
    });
    const rare = encodeURIComponent(models[11] as string);
    const mixtures = [
      ["portfolios"],
      ["sentiments"],
      ["sentiments/ETH"],
      ["portfolios", `trades/model/${rare}`],
      [`trades/model/${rare}`, "trades/symbol/BTC", "sentiments"],
      ["trades/symbol/BTC/USDT"],
      ["trades/model/nobody", "portfolios/nobody", "trades/symbol/NONE"],
      everyModel,
      ["trades", "portfolios"],
    ];
    for (const channels of mixtures) {
      for (const [since, limit] of [
        [0, 1000],
        [0, 137],
        [1777, 60],
      ] as const) {
        const wanted = all.filter(
          (event) => event.seq > since && channelsOf(event).some((name) => channels.includes(name)),
        );
        const read = await readAll(channels, since, limit);
        expect([channels, since, limit, read.map(({ seq }) => seq)]).to.deep.equal([
          channels,
          since,
          limit,
          wanted.map(({ seq }) => seq),
        ]);
        expect(read).to.deep.equal(wanted);
      }
    }
  });
});

describe("a channel with few entries", () => {
  it("is read and resumed without looking through the rest of the tape", async () => {
    const database = await newDatabase();
    const first = await startHere({ DATABASE_URL: database });
    await post(`${first.url}/api/trades`, aTrade({ model: "rare", symbol: "RARE" }));
    await first.stop();
    await query(
      database,
      `WITH head AS (UPDATE tape_head SET seq = 30001, trades_seq = 30001)
       INSERT INTO tape (seq, kind, model, symbol, at, data)
       SELECT n, 'trade', 'm' || n % 9, 'BTC', now(), '{}' FROM generate_series(2, 30001) n`,
    );
    // The board is to be made from the tables, not from the tape.
    await query(database, "DELETE FROM scoreboard_checkpoints");
    await query(database, "VACUUM ANALYZE tape");
    const before = await rowsRead(database, "tape");
    const app = await startHere({ DATABASE_URL: database });
    for (const channel of ["portfolios", "sentiments/BTC", "trades/model/nobody", "trades/symbol/NONE"]) {
      const { body } = await get<Page>(`${app.url}/api/tape?channels=${channel}`);
      expect([body.events, body.next_since]).to.deep.equal([[], 30_001]);
    }
    const { body } = await get<Page>(`${app.url}/api/tape?channels=trades/model/rare,trades/symbol/RARE`);
    expect(body.events.map(({ seq }) => seq)).to.deep.equal([1]);
    const subscriber = subscribeTo(app.url, ["portfolios", "trades/symbol/RARE"], { since: 0 });
    await subscriber.reached(30_001);
    expect(subscriber.records.map(({ seq }) => seq)).to.deep.equal([1]);
    subscriber.close();
    await app.stop();
    expect((await rowsRead(database, "tape")) - before).to.be.lessThan(1000);
  });
});
