import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { eventually } from "../support/eventually.ts";
import { type FeedServer, rss, startFeedServer } from "./feed-server.ts";
import { type NewsService, type ServiceOptions, startNewsService } from "./news-service.ts";

/** Refreshes as often as a test likes. */
const EAGER = { forcedMs: 1, refreshMs: 3_600_000, pollMs: 3_600_000 };
const hoursAgo = (hours: number) => new Date(Math.floor(Date.now() / 1000) * 1000 - hours * 3_600_000);
const story = (title: string, hours = 1, link = `https://example.com/${encodeURIComponent(title)}`) => ({
  title,
  link,
  date: hoursAgo(hours).toUTCString(),
});

describe("GET /api/news", () => {
  let server: FeedServer;
  const running: NewsService[] = [];

  beforeEach(async () => {
    server = await startFeedServer();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await server.stop();
  });

  async function start(paths: string[], options: ServiceOptions = {}): Promise<NewsService> {
    const service = await startNewsService(
      paths.map((path) => server.url(path)),
      { timings: EAGER, ...options },
    );
    running.push(service);
    return service;
  }

  it("answers an empty list where no feed is set", async () => {
    const { status, body } = await (await start([])).ask();
    expect(status).to.equal(200);
    expect(body).to.deep.include({ count: 0, articles: [], sentimentPerCoin: {}, cached: false });
    expect(new Date(body.timestamp).toISOString()).to.equal(body.timestamp);
  });

  it("answers with the articles, newest first, with their coins and sentiment", async () => {
    const published = hoursAgo(2);
    server.on(
      "/a",
      rss("Coin Post", [
        {
          title: "Bitcoin &lt;b&gt;surges&lt;/b&gt; to a record high",
          link: "https://example.com/a?utm_source=rss&amp;id=1",
          description: "<![CDATA[<p>Great gains.</p><script>alert(1)</script>]]>",
          date: published.toUTCString(),
        },
        story("Ethereum crashes after a terrible hack", 1),
      ]),
    );
    const { body } = await (await start(["/a"])).ask();
    expect(body.count).to.equal(2);
    expect(body.articles.map(({ coins }) => coins)).to.deep.equal([["ETH"], ["BTC"]]);
    const [bad, good] = body.articles;
    expect(good).to.deep.include({
      source: "Coin Post",
      title: "Bitcoin surges to a record high",
      link: "https://example.com/a?id=1",
      published: published.toISOString(),
      description: "Great gains.",
    });
    expect(Object.keys(good ?? {})).to.have.members(
      "source title link published description sentiment coins".split(" "),
    );
    expect([good?.sentiment.label, bad?.sentiment.label]).to.deep.equal(["positive", "negative"]);
    expect(good?.sentiment).to.have.all.keys("label", "confidence");
    expect(body.sentimentPerCoin.BTC).to.deep.include({ count: 1, updated: published.toISOString() });
    expect(body.sentimentPerCoin.BTC?.avg).to.be.greaterThan(0.2);
    expect(body.sentimentPerCoin.ETH?.avg).to.be.lessThan(-0.2);
  });

  it("answers with a symbol's articles alone, and nothing for a symbol without any", async () => {
    server.on(
      "/a",
      rss("A", [story("Bitcoin"), story("Bitcoin and Solana"), story("Solana"), story("Stocks")]),
    );
    const service = await start(["/a"]);
    expect((await service.titles("?symbol=btc")).sort()).to.deep.equal(["Bitcoin", "Bitcoin and Solana"]);
    const { body } = await service.ask("?symbol=SOL");
    expect(Object.keys(body.sentimentPerCoin)).to.deep.equal(["SOL"]);
    expect(body.sentimentPerCoin.SOL?.count).to.equal(body.count);
    expect((await service.ask("?symbol=CONSTRUCTOR")).body).to.deep.include({
      count: 0,
      sentimentPerCoin: {},
    });
  });

  it("refuses what it does not know", async () => {
    const service = await start([]);
    for (const query of ["?limit=1", "?refresh=maybe", "?symbol=%3Cb%3E"]) {
      const { status, body } = await service.ask(query);
      expect([status, (body as unknown as { code: string }).code]).to.deep.equal([400, "validation_error"]);
    }
  });

  it("looks at the feeds when asked to, and says whether it did", async () => {
    server.on("/a", rss("A", [story("First", 3)]));
    const service = await start(["/a"], { timings: { ...EAGER, forcedMs: 3_600_000 } });
    // The first answer waits for the first look.
    expect((await service.ask()).body.count).to.equal(1);
    server.on("/a", rss("A", [story("Second", 2), story("First", 3)]));
    expect((await service.ask()).body).to.deep.include({ count: 1, cached: true });
    expect((await service.ask("?refresh=true")).body).to.deep.include({ count: 2, cached: false });
    // Asked again too soon, it answers from what it has.
    server.on("/a", rss("A", [story("Third", 1), story("Second", 2), story("First", 3)]));
    expect((await service.ask("?refresh=true")).body).to.deep.include({ count: 2, cached: true });
  });

  it("looks at a feed once for all who ask at the same time", async () => {
    server.on("/a", (_request, response) => void response.end(rss("A", [story("One")])));
    const service = await start(["/a"]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.ask("?refresh=true")));
    expect(answers.map(({ body }) => body.count)).to.deep.equal(Array(20).fill(1));
    // One as the service started, and one that was asked for where that was over already.
    expect(server.requests("/a").length).to.be.within(1, 2);
  });

  it("looks again by itself when the time has come", async () => {
    server.on("/a", rss("A", [story("First", 3)]));
    const service = await start(["/a"], { timings: { ...EAGER, refreshMs: 50, pollMs: 20 } });
    await eventually(async () => (await service.titles()).length === 1);
    server.on("/a", rss("A", [story("Second", 2)]));
    await eventually(async () => (await service.titles()).includes("Second"));
  });

  it("asks only for what changed", async () => {
    server.on("/a", (request, response) => {
      const isKnown = request.headers["if-none-match"] === '"v1"';
      const changed = "Tue, 03 Feb 2026 12:00:00 GMT";
      response.writeHead(isKnown ? 304 : 200, { etag: '"v1"', "last-modified": changed });
      response.end(isKnown ? undefined : rss("A", [story("Kept")]));
    });
    const service = await start(["/a"]);
    await service.ask("?refresh=true");
    const { body } = await service.ask("?refresh=true");
    expect(body).to.deep.include({ count: 1, cached: false });
    const { headers } = server.requests("/a").at(-1) ?? {};
    expect(headers).to.include({
      "if-none-match": '"v1"',
      "if-modified-since": "Tue, 03 Feb 2026 12:00:00 GMT",
    });
  });

  it("keeps an article that its feed no longer lists, and the date of one that has none", async () => {
    server.on("/a", rss("A", [{ title: "Undated", link: "https://example.com/u" }, story("Old", 5)]));
    const service = await start(["/a"]);
    const before = (await service.ask()).body.articles;
    server.on("/a", rss("A", [{ title: "Undated", link: "https://example.com/u" }]));
    const after = (await service.ask("?refresh=true")).body.articles;
    expect(after).to.deep.equal(before);
    expect(Date.now() - Date.parse(after[0]?.published ?? "")).to.be.within(0, 60_000);
  });

  it("shows a story of several feeds once", async () => {
    server.on(
      "/a",
      rss("A", [story("Bitcoin “rises”!", 2, "https://example.com/1?utm_source=a"), story("Wrap", 60)]),
    );
    server.on(
      "/b",
      rss("B", [story("Other words", 1, "http://www.example.com/1/"), story("BITCOIN 'rises'", 1)]),
    );
    server.on("/c", rss("C", [story("Wrap", 1, "https://c.example/wrap")]));
    const { body } = await (await start(["/a", "/b", "/c"])).ask();
    // The wrap of three days ago is another one than today's.
    expect(body.articles.map(({ source, title }) => `${source}: ${title}`)).to.deep.equal([
      "C: Wrap",
      "A: Bitcoin “rises”!",
      "A: Wrap",
    ]);
  });

  it("publishes each new article once, and keeps the newest fifty as current values", async () => {
    const many = Array.from({ length: 60 }, (_, index) => story(`Story ${index}`, 100 - index));
    server.on("/a", rss("A", many));
    const service = await start(["/a"]);
    await service.ask();
    expect(service.published.map(({ title }) => title)).to.deep.equal(
      many.slice(10).map(({ title }) => title),
    );
    server.on("/a", rss("A", [...many, story("Breaking", 0.5)]));
    server.on("/b", rss("B", [story("Breaking", 0.2, "https://b.example/same")]));
    const answer = (await service.ask("?refresh=true")).body.articles[0];
    await service.ask("?refresh=true");
    expect(service.published).to.have.length(51);
    expect(service.published.at(-1)).to.deep.equal(answer);
    expect(service.current.size).to.equal(50);
    expect([...service.current.values()].map(({ title }) => title))
      .to.include("Breaking")
      .and.not.include("Story 10");
  });

  it("loses nothing but a bad feed's own articles, and tells its failure once", async () => {
    const bad: Record<string, string | Parameters<FeedServer["on"]>[1]> = {
      "/html": "<!doctype html><html><body>404</body></html>",
      "/garbage": (_request, response) => void response.end(Buffer.from([0, 255, 254, 1, 2, 3])),
      "/empty": "",
      "/error": (_request, response) => void response.writeHead(500).end(rss("x", [story("x")])),
      "/loop": (_request, response) => void response.writeHead(302, { location: "/loop" }).end(),
      "/inside": (_request, response) =>
        void response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
      "/large": (_request, response) =>
        void response.setHeader("content-length", "1073741824").write("<rss>"),
      "/bomb": (_request, response) =>
        void response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(8 * 1024 * 1024, 60))),
      "/never": () => {},
      "/cut": (request, response) => {
        response.write('<rss version="2.0"><channel>');
        request.socket.destroySoon();
      },
    };
    for (const [path, answer] of Object.entries(bad)) server.on(path, answer);
    server.on("/good", rss("Good", [story("Fine")]));
    const service = await start([...Object.keys(bad), "/good", "/missing"], {
      timings: { ...EAGER, fetchMs: 1_500, waitMs: 60_000 },
    });
    expect(await service.titles("?refresh=true")).to.deep.equal(["Fine"]);
    expect(await service.titles("?refresh=true")).to.deep.equal(["Fine"]);
    expect(service.failures).to.have.length(Object.keys(bad).length + 1);
    expect(service.failures.join("\n")).to.contain(
      "/inside fails: 169.254.169.254 is not a public web address",
    );
  });

  it("keeps a dead feed's articles, and tells when it fails again after it was back", async () => {
    server.on("/a", rss("A", [story("Kept")]));
    const service = await start(["/a"]);
    await service.ask();
    for (const round of [1, 2]) {
      server.on("/a", (_request, response) => void response.writeHead(503).end());
      expect(await service.titles("?refresh=true")).to.deep.equal(["Kept"]);
      await service.ask("?refresh=true");
      expect(service.failures).to.have.length(round);
      server.on("/a", rss("A", [story("Kept")]));
      await service.ask("?refresh=true");
    }
  });

  it("reads no feed on loopback unless it is allowed to", async () => {
    server.on("/a", rss("A", [story("Inside")]));
    const service = await start(["/a"], { allowLoopback: false });
    expect(await service.titles("?refresh=true")).to.deep.equal([]);
    expect(server.requests("/a")).to.have.length(0);
    expect(service.failures).to.have.length(1);
  });

  it("tells no key that stands in a feed's address", async () => {
    const service = await start(["/paid?key=s3cret"]);
    await service.ask();
    expect(service.failures.join()).to.contain("/paid fails").and.not.contain("s3cret");
  });

  it("stops at once, though a feed does not answer", async () => {
    let asked = false;
    server.on("/never", () => {
      asked = true;
    });
    const service = await startNewsService([server.url("/never")]);
    await eventually(async () => asked);
    await service.stop();
    expect(service.failures).to.deep.equal([]);
  });
});
