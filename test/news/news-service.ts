import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type NewsOptions, startNews } from "../../src/news/index.ts";
import { createApp, finishApp } from "../../src/platform/http/app.ts";
import { createHttpServer } from "../../src/platform/http/server.ts";
import { createLogger } from "../../src/platform/logger.ts";
import { connectRedis } from "../../src/platform/redis/connect.ts";
import { eventually } from "../support/eventually.ts";
import { type Answer, get } from "../support/http.ts";

export interface Article {
  source: string;
  title: string;
  link: string;
  published: string;
  description: string;
  sentiment: { label: string; confidence: number };
  coins: string[];
}

export interface NewsBody {
  count: number;
  articles: Article[];
  sentimentPerCoin: Record<string, { avg: number; count: number; updated: string }>;
  cached: boolean;
  timestamp: string;
}

/** The news on a web server of its own, beside whatever Redis a test gives it. */
export interface NewsService {
  ask(query?: string): Promise<Answer<NewsBody>>;
  titles(query?: string): Promise<string[]>;
  /** What was published live, in order. */
  published: Article[];
  /** The live channel's current values. */
  current: Map<string, Article>;
  failures: string[];
  stop(): Promise<void>;
}

export type ServiceOptions = Partial<NewsOptions> & { redisUrl?: string };

export async function startNewsService(feeds: string[], options: ServiceOptions = {}): Promise<NewsService> {
  const logger = createLogger("silent");
  const { redisUrl, ...rest } = options;
  const redis = redisUrl === undefined ? undefined : connectRedis(redisUrl, false, logger);
  // Not `once(…, "ready")`, which also ends with the first error: a busy machine may need a second try.
  if (redis !== undefined)
    await eventually(async () => redis.commands.status === "ready" && redis.subscriber.status === "ready");
  const published: Article[] = [];
  const current = new Map<string, Article>();
  const failures: string[] = [];
  const news = startNews({
    feeds,
    allowLoopback: true,
    redis: redis?.commands,
    playground: "test",
    logger,
    live: {
      publish(_event, key, text) {
        published.push(JSON.parse(text));
        current.set(key, JSON.parse(text));
      },
      forget: (_event, key) => void current.delete(key),
    },
    errorLog: { record: ({ message }) => void failures.push(message) },
    ...rest,
  });
  const app = createApp();
  const server = createHttpServer(app);
  news.routes(app);
  finishApp(app, logger);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/news`;
  const ask = (query = "") => get<NewsBody>(`${url}${query}`);
  return {
    ask,
    titles: async (query) => (await ask(query)).body.articles.map(({ title }) => title),
    published,
    current,
    failures,
    async stop() {
      await news.stop();
      await redis?.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
