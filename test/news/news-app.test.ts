import { expect } from "chai";
import { io } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { errorList } from "../../src/contracts/admin.ts";
import { newsAnswer } from "../../src/contracts/news.ts";
import { eventually } from "../support/eventually.ts";
import { get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { type FeedServer, rss, startFeedServer } from "./feed-server.ts";
import type { Article } from "./news-service.ts";

describe("news in the whole service", () => {
  let server: FeedServer;
  let app: App;

  before(async () => {
    server = await startFeedServer();
    server.on("/a", rss("A", [{ title: "Bitcoin is up", link: "https://example.com/1" }]));
    app = await startHere({
      DATABASE_URL: await newDatabase(),
      NEWS_FEEDS: `${server.url("/a")},${server.url("/dead")}`,
      NEWS_ALLOW_LOOPBACK: "true",
    });
  });
  after(async () => {
    await app.stop();
    await server.stop();
  });

  it("are answered in the contract's shape", async () => {
    const { status, body } = await get(`${app.url}/api/news?symbol=BTC`);
    expect(status).to.equal(200);
    expect(
      newsAnswer
        .strict()
        .parse(body)
        .articles.map(({ title }) => title),
    ).to.deep.equal(["Bitcoin is up"]);
  });

  it("are sent on the channel news: what there is at once, then what is new", async () => {
    const socket = io(app.url, { transports: ["websocket"], auth: { channels: ["news"] } });
    const articles: Article[] = [];
    socket.on("news", (list: Article[]) => articles.push(...list));
    try {
      await eventually(async () => articles.length === 1);
      server.on("/a", rss("A", [{ title: "Ethereum is up", link: "https://example.com/2" }]));
      await get(`${app.url}/api/news?refresh=true`);
      await eventually(async () => articles.length === 2);
      expect(articles.map(({ title }) => title)).to.deep.equal(["Bitcoin is up", "Ethereum is up"]);
    } finally {
      socket.disconnect();
    }
  });

  it("leave a dead feed in the error log, beside what is up and a cache to clear", async () => {
    const { body } = await get(`${app.url}/api/admin/errors`);
    expect(errorList.parse(body).errors.map(({ job }) => job)).to.deep.equal(["news"]);
    expect((await get(`${app.url}/api/admin/status`)).body).to.deep.include({ ready: true });
    const cleared = await post(`${app.url}/api/admin/cache/clear`, {});
    expect(cleared.body).to.deep.equal({ success: true, cleared: 0 });
  });
});
