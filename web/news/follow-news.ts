import { type Changing, createChanges } from "../board/changes.ts";
import { getUntilThere, type Trouble } from "../board/rest.ts";
import type { Article, PlaygroundClient } from "../client/index.ts";

const MOST = 400;
/** The figures per coin come with the answer only, so they are asked for again after news, at most this often. */
const REFRESH_MS = 5000;

export interface CoinSentiment {
  /** −1 to 1 */
  avg: number;
  count: number;
  /** When its newest article was published. */
  updated: string;
}

interface News {
  articles: Article[];
  sentimentPerCoin: Record<string, CoinSentiment>;
}

/** Headlines by REST, then each new one as it comes. */
export interface NewsFeed extends Changing {
  /** Newest first. */
  readonly articles: readonly Article[];
  readonly perCoin: Readonly<Record<string, CoinSentiment>>;
  readonly isLoaded: boolean;
  readonly trouble: Trouble | undefined;
  start(client: PlaygroundClient): void;
}

export function createNewsFeed(): NewsFeed {
  const { changed, subscribe } = createChanges();
  let byLink = new Map<string, Article>();
  let articles: readonly Article[] = [];
  let perCoin: Record<string, CoinSentiment> = {};
  let isLoaded = false;
  let trouble: Trouble | undefined;
  let generation = 0;
  let isDue = false;

  const add = (more: readonly Article[]) => {
    for (const article of more) byLink.set(article.link, article);
    articles = [...byLink.values()]
      .sort((a, b) => Date.parse(b.published) - Date.parse(a.published))
      .slice(0, MOST);
    byLink = new Map(articles.map((article) => [article.link, article]));
    changed();
  };
  const load = async () => {
    isDue = false;
    const mine = ++generation;
    const news = await getUntilThere<News>(
      "/api/news",
      (met) => {
        trouble = met;
        changed();
      },
      () => mine === generation,
    );
    if (news === undefined || mine !== generation) return;
    perCoin = news.sentimentPerCoin;
    isLoaded = true;
    add(news.articles);
  };

  return {
    subscribe,
    get articles() {
      return articles;
    },
    get perCoin() {
      return perCoin;
    },
    get isLoaded() {
      return isLoaded;
    },
    get trouble() {
      return trouble;
    },
    start(client) {
      client.on("news", (more) => {
        add(more);
        if (isDue) return;
        isDue = true;
        setTimeout(() => void load(), REFRESH_MS);
      });
      void load();
    },
  };
}
