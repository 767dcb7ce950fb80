import { expect } from "chai";
import { Redis } from "ioredis";
import { eventually } from "../support/eventually.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { type FeedServer, rss, startFeedServer } from "./feed-server.ts";
import { type NewsService, type ServiceOptions, startNewsService } from "./news-service.ts";

const CALM = { refreshMs: 3_600_000, pollMs: 20, forcedMs: 1 };

describe("news of several instances", () => {
  let redis: TestRedis;
  let server: FeedServer;
  const running: NewsService[] = [];

  before(async function () {
    redis = await startRedis(this);
  });
  beforeEach(async () => {
    server = await startFeedServer();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await server.stop();
  });
  after(() => redis?.stop());

  async function start(playground: string, options: ServiceOptions = {}): Promise<NewsService> {
    const service = await startNewsService([server.url("/a")], {
      redisUrl: redis.url,
      playground,
      timings: CALM,
      ...options,
    });
    running.push(service);
    return service;
  }
  async function withRedis(act: (client: Redis) => Promise<unknown>): Promise<void> {
    const client = new Redis(redis.url);
    try {
      await act(client);
    } finally {
      client.disconnect();
    }
  }

  it("look at a feed once together", async () => {
    server.on("/a", rss("A", [{ title: "Shared", link: "https://example.com/1" }]));
    const instances = await Promise.all(Array.from({ length: 3 }, () => start("once")));
    for (const instance of instances) expect(await instance.titles()).to.deep.equal(["Shared"]);
    expect(server.requests("/a")).to.have.length(1);
  });

  it("show each other's articles, in answers and live", async () => {
    server.on("/a", rss("A", [{ title: "First", link: "https://example.com/1" }]));
    const [one, other] = [await start("live"), await start("live")];
    await Promise.all([one.ask(), other.ask()]);
    server.on("/a", rss("A", [{ title: "Second", link: "https://example.com/2" }]));
    await one.ask("?refresh=true");
    expect(await other.titles()).to.include("Second");
    await eventually(async () => other.published.length === 2);
    for (const { published } of [one, other]) {
      expect(published.map(({ title }) => title)).to.deep.equal(["First", "Second"]);
    }
    expect((await other.ask()).body.articles).to.deep.equal((await one.ask()).body.articles);
  });

  it("look out of turn once together", async () => {
    server.on("/a", rss("A", []));
    const timings = { ...CALM, forcedMs: 3_600_000 };
    const [one, other] = [await start("forced", { timings }), await start("forced", { timings })];
    await Promise.all([one.ask(), other.ask()]);
    const before = server.requests("/a").length;
    expect((await one.ask("?refresh=true")).body.cached).to.equal(false);
    expect((await other.ask("?refresh=true")).body.cached).to.equal(true);
    expect(server.requests("/a")).to.have.length(before + 1);
  });

  it("give a new one what they know, though the feed is gone", async () => {
    server.on("/a", rss("A", [{ title: "Known", link: "https://example.com/1" }]));
    await (await start("late")).ask();
    server.on("/a", (_request, response) => void response.writeHead(500).end());
    const late = await start("late");
    expect((await late.ask()).body).to.deep.include({ count: 1, cached: true });
    expect(server.requests("/a")).to.have.length(1);
  });

  it("keep what they found for twelve hours", async () => {
    server.on("/a", rss("A", [{ title: "Known", link: "https://example.com/1" }]));
    await (await start("kept")).ask();
    await withRedis(async (client) => {
      const keys = (await client.keys("tp:news:kept:*")).filter((key) => !key.includes(":lock:"));
      expect(keys).to.have.length(2);
      for (const key of keys) expect(await client.ttl(key)).to.be.within(11 * 3600, 12 * 3600);
    });
  });

  it("apart from each other where they serve other playgrounds", async () => {
    server.on("/a", rss("A", [{ title: "One", link: "https://example.com/1" }]));
    await (await start("here")).ask();
    await (await start("there")).ask();
    expect(server.requests("/a")).to.have.length(2);
  });

  it("go on where what is stored is garbage", async () => {
    server.on("/a", rss("A", [{ title: "Real", link: "https://example.com/1" }]));
    await (await start("garbage")).ask();
    await withRedis(async (client) => {
      const [content] = await client.keys("tp:news:garbage:feed:*");
      await client.set(content ?? "", '{"articles":[{"link":"javascript:alert(1)"}]}');
    });
    expect(await (await start("garbage")).titles()).to.deep.equal(["Real"]);
    await withRedis(async (client) => {
      const [id] = await client.hkeys("tp:news:garbage:stamps");
      await client.hset("tp:news:garbage:stamps", { [id ?? ""]: "no stamp" });
    });
    expect(await (await start("garbage")).titles()).to.deep.equal(["Real"]);
  });

  it("go on while Redis is frozen or gone, and share again when it is back", async () => {
    server.on("/a", rss("A", [{ title: "Before", link: "https://example.com/1" }]));
    const [one, other] = [await start("away"), await start("away")];
    await Promise.all([one.ask(), other.ask()]);
    redis.freeze();
    server.on("/a", rss("A", [{ title: "Frozen", link: "https://example.com/2" }]));
    try {
      expect(await one.titles("?refresh=true")).to.include("Frozen");
    } finally {
      redis.thaw();
    }
    await redis.kill();
    server.on("/a", rss("A", [{ title: "Gone", link: "https://example.com/3" }]));
    expect(await other.titles("?refresh=true")).to.include("Gone");
    await redis.start();
    await eventually(async () => {
      await one.ask("?refresh=true");
      return (await other.titles()).includes("Frozen");
    });
    expect(new Set(await other.titles())).to.deep.equal(new Set(["Before", "Frozen", "Gone"]));
  });
});
