import { expect } from "chai";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase, query } from "../support/postgres.ts";
import { rowsRead } from "../support/rows-read.ts";

const TRADES = 30_000;

interface Page {
  trades: { id: string }[];
  next_cursor: string | null;
}

describe("few trades among many", () => {
  it("are listed without reading the others: what is open, and what a model rarely trades", async () => {
    const database = await newDatabase();
    await (await startHere({ DATABASE_URL: database })).stop();
    // Six of them are open, three of those of one model, and that model traded one symbol four times.
    await query(
      database,
      `INSERT INTO trades (id, seq, model, symbol, side, qty, price, status, "timestamp", created_at)
       SELECT n::text, n, 'm' || n % 5, CASE WHEN n % 5 = 3 AND n % 7000 <> 3003 THEN 'BTC' ELSE 'ETH' END, 'buy', 1, 1,
         CASE WHEN n % 5000 = 4998 - n / 5000 % 2 THEN 'open' ELSE 'closed' END, '2026-01-01'::timestamptz + n * interval '1 s', now()
       FROM generate_series(1, ${TRADES}) n`,
    );
    await query(database, "UPDATE tape_head SET seq = 0");
    await query(database, "VACUUM ANALYZE trades");
    const before = await rowsRead(database, "trades");
    const app = await startHere({ DATABASE_URL: database });
    const list = async (filter: string) => {
      const { body } = await get<Page>(`${app.url}/api/trades?${filter}`);
      return body.trades.map(({ id }) => Number(id));
    };
    // Often enough for a plan that is kept.
    for (let turn = 0; turn < 8; turn++) {
      expect(await list("status=open")).to.deep.equal([29_997, 24_998, 19_997, 14_998, 9_997, 4_998]);
      expect(await list("status=open&limit=2")).to.deep.equal([29_997, 24_998]);
      expect(await list("status=open&model=m3")).to.deep.equal([24_998, 14_998, 4_998]);
      expect(await list("status=open&model=m1")).to.deep.equal([]);
      expect(await list("model=m3&symbol=ETH")).to.deep.equal([24_003, 17_003, 10_003, 3_003]);
      expect(await list("model=m3&symbol=SOL")).to.deep.equal([]);
    }
    await app.stop();
    // The board reads all of them, at most twice over, when it is made.
    expect((await rowsRead(database, "trades")) - before).to.be.lessThan(3 * TRADES);
  });

  it("are found as they are, with what has come since, on either instance, until they are no longer few", async () => {
    const database = await newDatabase();
    const [one, other] = [
      await startHere({ DATABASE_URL: database }),
      await startHere({ DATABASE_URL: database }),
    ];
    const expected: string[] = [];
    for (let n = 0; n < 8; n++) {
      const trades = Array.from({ length: 50 }, (_, index) => {
        const id = `${n}-${index}`;
        expected.push(id);
        return aTrade({ id, model: "m", symbol: "RARE", timestamp: "2026-01-01T00:00:00Z" });
      });
      const rest = aTrade({ id: `rest-${n}`, model: "m", symbol: "BTC" });
      await post(`${n % 2 === 0 ? one.url : other.url}/api/trades/bulk`, { trades: [...trades, rest] });
      for (const { url } of [one, other]) {
        const { body } = await get<Page>(`${url}/api/trades?model=m&symbol=RARE&limit=1000`);
        expect(body.trades.map(({ id }) => id)).to.have.members(expected);
        const page = await get<Page>(`${url}/api/trades?model=m&symbol=RARE&limit=30&side=buy`);
        expect(page.body.trades.map(({ id }) => id)).to.deep.equal(
          [...expected].sort().reverse().slice(0, 30),
        );
      }
    }
    await Promise.all([one.stop(), other.stop()]);
  });
});
