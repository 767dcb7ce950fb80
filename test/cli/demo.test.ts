import { expect } from "chai";
import { Decimal } from "decimal.js";
import { eventually } from "../support/eventually.ts";
import { get } from "../support/http.ts";
import { startHere, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

interface Entry {
  kind: string;
  data: { model: string; symbol: string; note?: string | null; pnl?: string };
}

const entriesOf = async (url: string) =>
  (await get<{ events: Entry[] }>(`${url}/api/tape?limit=1000&decimals=string`)).body.events;
const modelsOf = (entries: Entry[], kind: string) =>
  new Set(entries.filter((entry) => entry.kind === kind).map(({ data }) => data.model));

describe("npm run demo", () => {
  it("lets house bots trade with notes, reports and sentiment, whose figures agree, and stops with the server", async () => {
    const environment = { DATABASE_URL: await newDatabase(), PRICE_FEED: "simulated" };
    const demo = await startInstance(environment, "cli/demo");
    expect(demo.output()).to.include("Buy and Hold");
    const entries = await eventually(async () => {
      const so = await entriesOf(demo.url);
      return modelsOf(so, "trade").size === 5 && modelsOf(so, "trade_close").size >= 2 ? so : undefined;
    });
    expect(modelsOf(entries, "portfolio").size).to.equal(5);
    expect(modelsOf(entries, "sentiment").size).to.equal(5);
    const notes = entries.filter(({ kind }) => kind === "trade").map(({ data }) => data.note ?? "");
    expect(notes.every((note) => note.length > 10)).to.equal(true);
    expect(await demo.stop()).to.equal(0);

    const after = await startHere(environment);
    try {
      for (const model of modelsOf(entries, "trade")) {
        const query = `model=${encodeURIComponent(model)}&decimals=string`;
        const closed = `${after.url}/api/trades?${query}&status=closed&limit=1000`;
        const { trades } = (await get<{ trades: { pnl: string }[] }>(closed)).body;
        const ledger = trades.reduce((sum, { pnl }) => sum.plus(pnl), new Decimal(10_000));
        const { balance } = (await get<{ balance: string }>(`${after.url}/api/portfolio?${query}`)).body;
        expect(balance, model).to.equal(ledger.toFixed());
      }
    } finally {
      await after.stop();
    }
  });

  it("says why it does not start where accounts are required", async () => {
    const failed = await startInstance({ AUTH: "required" }, "cli/demo").then(
      () => "",
      (error: Error) => error.message,
    );
    expect(failed).to.include("set AUTH=open");
  });
});
