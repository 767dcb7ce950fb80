import { expect } from "chai";
import { type FeedServer, rss, startFeedServer } from "../news/feed-server.ts";
import { get } from "../support/http.ts";
import { useWall } from "./wall.ts";

describe("/news", () => {
  // The wall reads these when it starts, after the feed's server.
  const settings: Record<string, string> = { NEWS_ALLOW_LOOPBACK: "true" };
  let feeds: FeedServer;
  before(async () => {
    feeds = await startFeedServer();
    feeds.on("/feed", rss("The Courier", []));
    settings.NEWS_FEEDS = feeds.url("/feed");
  });
  after(() => feeds.stop());
  const wall = useWall(settings);
  const articles = () => wall.page.getByRole("region", { name: "Headlines" }).getByRole("listitem");

  // The first: it needs a playground in which nothing was written.
  it("shows how to score the first text, then that text as it comes", async () => {
    await wall.open("/news");
    await wall.page.getByText(`curl -X POST ${wall.url}/api/sentiment`).waitFor();
    await wall.send("/api/sentiment", {
      text: "Ethereum surges, great gains",
      symbol: "ETH",
      model: "gpt-5",
    });
    const posted = wall.page.getByRole("region", { name: "Posted texts" });
    await posted.getByText("Ethereum surges, great gains").waitFor();
    await posted.getByText("positive").waitFor();
    await posted.getByText("gpt-5").waitFor();
    expect(wall.complaints).to.deep.equal([]);
  });

  it("shows headlines with sentiment and time, live, and filters by coin", async () => {
    await wall.open("/news");
    const date = new Date(Date.now() - 3 * 3_600_000);
    feeds.on(
      "/feed",
      rss("The Courier", [
        {
          title: "Bitcoin rallies to a record high",
          link: "https://courier.test/1",
          date: date.toUTCString(),
        },
        {
          title: "Solana hacked, huge losses",
          link: "https://courier.test/2",
          date: new Date().toUTCString(),
        },
      ]),
    );
    await get(`${wall.url}/api/news?refresh=true`);
    await articles().getByText("Bitcoin rallies to a record high").waitFor();
    const bitcoin = articles().filter({ hasText: "Bitcoin" });
    expect(await bitcoin.textContent())
      .to.include("positive")
      .and.include("The Courier")
      .and.match(/3 h ago · \w+ \d+, \d{4}/);
    await wall.page.getByRole("region", { name: "Sentiment per coin" }).getByText("SOL").click();
    await bitcoin.waitFor({ state: "detached" });
    expect(await articles().count()).to.equal(1);
    expect(new URL(wall.page.url()).search).to.equal("?symbol=SOL");
    await wall.page.getByRole("button", { name: "All coins" }).click();
    await bitcoin.waitFor();
    expect(wall.complaints).to.deep.equal([]);
    expect(wall.otherHosts).to.deep.equal([]);
  });
});
