import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

interface Page {
  portfolios: { model: string; balance: number }[];
  count: number;
  next_cursor: string | null;
}

const MODELS = ["alpha", "beta/2", "Claude Sonnet 4.5", "gpt-5", "größe", "zeta", "🤖 bot"];

describe("the list of portfolios", () => {
  let app: App;

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    for (const [index, model] of MODELS.entries()) await report({ model, balance: index });
  });
  after(() => app.stop());

  const report = async (body: object) => {
    expect((await post(`${app.url}/api/portfolio`, body)).status).to.equal(200);
  };
  const page = async (query: string) => {
    const { status, body } = await get<Page>(`${app.url}/api/portfolio?${query}`);
    expect(status).to.equal(200);
    return body;
  };
  async function pages(query: string): Promise<Page[]> {
    const all = [await page(query)];
    for (let cursor = all[0]?.next_cursor; cursor; cursor = all.at(-1)?.next_cursor) {
      all.push(await page(`${query}&cursor=${cursor}`));
    }
    return all;
  }

  it("comes in pages, by the names of the models", async () => {
    const all = await pages("limit=3");
    expect(all.map(({ count }) => count)).to.deep.equal([3, 3, 1]);
    const byBytes = [...MODELS].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(all.flatMap(({ portfolios }) => portfolios).map(({ model }) => model)).to.deep.equal(byBytes);
    expect(await page("")).to.deep.include({ count: 7, next_cursor: null });
    expect(await page("limit=7")).to.deep.include({ count: 7, next_cursor: null });
  });

  it("shows a write on the page that it belongs to at once", async () => {
    const [first] = await pages("limit=3");
    await report({ model: "gpt-5", balance: 77 });
    const next = await page(`limit=3&cursor=${first?.next_cursor}`);
    expect(next.portfolios.find(({ model }) => model === "gpt-5")?.balance).to.equal(77);
  });

  it("ends a page early where portfolios are large, and never with nothing in it", async () => {
    const positions = Array.from({ length: 200 }, (_, index) => ({
      symbol: `SYMBOL-OF-SOME-LENGTH-${index}`,
      qty: "1234567890.123456789012345678",
      avg_price: "1234567890.123456789012345678",
    }));
    for (let index = 0; index < 30; index++) await report({ model: `large ${index}`, positions });
    const all = await pages("limit=1000");
    expect(all.length).to.be.greaterThan(1);
    expect(all.every(({ count }) => count > 0)).to.equal(true);
    expect(all.flatMap(({ portfolios }) => portfolios)).to.have.length(37);
  });

  it("refuses what is no page", async () => {
    const wrong = ["limit=0", "limit=1001", "cursor=x", "cursor=W10", "cursor="];
    for (const query of [...wrong, `model=alpha&cursor=${(await page("limit=1")).next_cursor}`]) {
      const answer = await get<{ code: string }>(`${app.url}/api/portfolio?${query}`);
      expect([answer.status, answer.body.code], query).to.deep.equal([400, "validation_error"]);
    }
  });
});
