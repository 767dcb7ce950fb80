import { expect } from "chai";
import type { App } from "../../src/app.ts";
import { buildOpenApi } from "../../src/contracts/openapi/index.ts";
import { z } from "../../src/contracts/zod.ts";
import { aTrade, post, send } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

type Json = { [name: string]: Json } & Json[];

/** Method and path of requests whose answers are held against the document. */
const REQUESTS: [method: string, path: string, body?: object][] = [
  ["POST", "/api/trades", aTrade({ model: "a" })],
  ["POST", "/api/trades/bulk", { trades: [aTrade({ model: "a" }), aTrade({ exit_price: 5 })] }],
  ["GET", "/api/trades"],
  ["POST", "/api/portfolio", { model: "a", positions: [{ symbol: "ETH", qty: 1, avg_price: 2 }] }],
  ["GET", "/api/portfolio?model=a"],
  ["GET", "/api/portfolio/history?model=a"],
  ["POST", "/api/sentiment", { text: "to the moon", symbol: "BTC" }],
  ["GET", "/api/sentiment?symbol=BTC"],
  ["GET", "/api/sentiment/summary?symbol=BTC"],
  ["GET", "/api/sentiment/summary?symbol=NONE"],
  ["GET", "/api/leaderboard"],
  ["GET", "/api/models/{model}/analytics"],
  ["POST", "/api/market/prices", { prices: [{ symbol: "BTC", price: 60_000 }] }],
  ["GET", "/api/market?symbol=BTC"],
  ["GET", "/api/markets"],
  ["GET", "/api/market/candles?symbol=BTC&interval=1m"],
  ["GET", "/api/news"],
  ["GET", "/api/tape"],
];

describe("what the service answers", () => {
  const document = JSON.parse(JSON.stringify(buildOpenApi())) as Json;
  let app: App;

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase(), PRICE_FEED: "none" });
    await post(`${app.url}/api/trades`, aTrade({ model: "idle", status: "open" }));
  });
  after(() => app.stop());

  for (const [method, path, body] of REQUESTS) {
    it(`is as the OpenAPI document says: ${method} ${path}`, async () => {
      for (const decimals of ["number", "string"]) {
        const url = new URL(path.replace("{model}", "a"), app.url);
        url.searchParams.set("decimals", decimals);
        const answer = await send(method, url.toString(), body);
        const wanted = inlined(
          document.paths?.[path.replace(/\?.*/, "")]?.[method.toLowerCase()]?.responses?.[answer.status]
            ?.content?.["application/json"]?.schema,
        );
        expect(wanted, `${answer.status} is documented`).to.be.an("object");
        const { error } = z.fromJSONSchema(wanted).safeParse(answer.body);
        expect(error?.issues, JSON.stringify(answer.body).slice(0, 300)).to.equal(undefined);
      }
    });
  }

  /** The schema with what it refers to in its place. */
  function inlined(schema: Json | undefined): Json {
    const text = JSON.stringify(schema, (_, value: Json) => {
      const name = typeof value?.$ref === "string" ? String(value.$ref).split("/").at(-1) : undefined;
      return name === undefined ? value : inlined(document.components?.schemas?.[name]);
    });
    return text === undefined ? (undefined as never) : (JSON.parse(text) as Json);
  }
});
