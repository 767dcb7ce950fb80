import { setTimeout as sleep } from "node:timers/promises";
import { combineFeeds, type NewsArticle } from "./combine-feeds.ts";
import { type FeedRecord, unseenFeed } from "./feed-record.ts";
import type { NewsStore } from "./news-store.ts";

/** Milliseconds; the defaults are for the service, tests take shorter ones. */
export interface NewsTimings {
  /** A feed is looked at so often, by one of the instances. */
  refreshMs: number;
  /** `refresh=true` has an effect at most so often. */
  forcedMs: number;
  /** So often an instance asks whether there is news, or something to do. */
  pollMs: number;
  /** An answer waits no longer for a look. */
  waitMs: number;
}

export interface NewsDeskOptions {
  feeds: readonly string[];
  store: NewsStore;
  timings: NewsTimings;
  look: (feed: string, record: FeedRecord) => Promise<FeedRecord>;
  /** A look was taken by this instance. */
  onLook: (feed: string, before: FeedRecord, after: FeedRecord) => void;
  onArticles: (articles: readonly NewsArticle[]) => void;
  onError: (error: unknown) => void;
}

const MAX_LOOKS = 6;
const OTHERS_LOOK_MS = 150;

/**
 * Keeps the articles of the feeds. Looks at each feed when its turn comes, takes over what other instances found,
 * and tells when the articles changed. In memory it has all of it; what is shared goes through the store.
 */
export class NewsDesk {
  readonly #options: NewsDeskOptions;
  readonly #records = new Map<string, FeedRecord>();
  readonly #looks = new Map<string, Promise<boolean>>();
  readonly #stop = new AbortController();
  #articles: readonly NewsArticle[] = [];
  #forced: Promise<boolean> | undefined;
  #syncing: Promise<void> | undefined;
  #nextSync: Promise<void> | undefined;
  #running: Promise<void> | undefined;

  constructor(options: NewsDeskOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.feeds.length > 0) this.#running = this.#run();
  }

  /** Call it after the fetches were aborted: it waits for the looks under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await Promise.allSettled(this.#looks.values());
  }

  get articles(): readonly NewsArticle[] {
    return this.#articles;
  }

  /**
   * Brings the articles up to date for an answer: with what others found, and with a look at the feeds where one was
   * asked for and is due, or where there was none yet.
   * @returns whether there was a look that this answer waited for.
   */
  async prepare(refresh: boolean): Promise<boolean> {
    const { feeds, store, timings } = this.#options;
    if (feeds.length === 0) return false;
    await this.#sync();
    if (refresh && this.#forced === undefined && (await store.takeRefresh(timings.forcedMs))) {
      this.#forced = this.#lookAt(feeds, () => true).finally(() => {
        this.#forced = undefined;
      });
    }
    if (refresh && this.#forced !== undefined) return await this.#waitFor(this.#forced);
    const unseen = feeds.filter((feed) => this.#record(feed).stamp.checkedAt === 0);
    return unseen.length > 0 && (await this.#waitFor(this.#lookAt(unseen, isUnseen)));
  }

  async #run(): Promise<void> {
    const { feeds, timings, onError } = this.#options;
    const isDue = ({ stamp }: FeedRecord) => Math.abs(Date.now() - stamp.checkedAt) >= timings.refreshMs;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#sync();
        const due = feeds.filter((feed) => isDue(this.#record(feed)));
        if (due.length > 0) await this.#lookAt(due, isDue);
      } catch (error) {
        onError(error);
      }
      // Instances that started together drift apart.
      const pause = timings.pollMs * (0.8 + Math.random() * 0.4);
      await sleep(pause, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {});
    }
  }

  /** Takes over what other instances found, up to this very call; callers who wait share the next round. */
  #sync(): Promise<void> {
    this.#nextSync ??= (async () => {
      // A round under way may have read already what changes now.
      await this.#syncing?.catch(() => {});
      this.#syncing = this.#nextSync;
      this.#nextSync = undefined;
      await this.#takeOver();
    })();
    return this.#nextSync;
  }

  async #takeOver(): Promise<void> {
    const { store } = this.#options;
    let isChanged = false;
    for (const [feed, stamp] of await store.stamps()) {
      const own = this.#record(feed);
      if (stamp.checkedAt <= own.stamp.checkedAt) continue;
      const content = stamp.changedAt > own.stamp.changedAt ? await store.content(feed) : own.content;
      // Its content is gone from the store, or cannot be read: our own look will tell.
      if (content === undefined) continue;
      this.#records.set(feed, { stamp, content });
      isChanged = true;
    }
    if (isChanged) this.#combine();
  }

  async #lookAt(feeds: readonly string[], isWanted: (record: FeedRecord) => boolean): Promise<boolean> {
    const waiting = [...feeds];
    let looked = false;
    const work = async () => {
      for (let feed = waiting.shift(); feed !== undefined; feed = waiting.shift()) {
        if (this.#stop.signal.aborted) return;
        if (await this.#lookOnce(feed, isWanted)) looked = true;
      }
    };
    await Promise.all(Array.from({ length: MAX_LOOKS }, work));
    return looked;
  }

  #lookOnce(feed: string, isWanted: (record: FeedRecord) => boolean): Promise<boolean> {
    const known = this.#looks.get(feed);
    if (known !== undefined) return known;
    const mine = this.#look(feed, isWanted).finally(() => this.#looks.delete(feed));
    this.#looks.set(feed, mine);
    return mine;
  }

  async #look(feed: string, isWanted: (record: FeedRecord) => boolean): Promise<boolean> {
    const { store, look, onLook } = this.#options;
    const release = await store.takeFeed(feed);
    if (release === undefined) return await this.#awaitOther(feed);
    try {
      // Another instance may have looked between our asking and our turn.
      await this.#sync();
      const before = this.#record(feed);
      if (!isWanted(before)) return true;
      const after = await look(feed, before);
      if (this.#stop.signal.aborted) return false;
      this.#records.set(feed, after);
      await store.save(feed, after, after.stamp.changedAt !== before.stamp.changedAt);
      this.#combine();
      onLook(feed, before, after);
      return true;
    } finally {
      await release();
    }
  }

  /** Another instance looks at the feed: its look is as good as ours. */
  async #awaitOther(feed: string): Promise<boolean> {
    const { checkedAt } = this.#record(feed).stamp;
    const end = Date.now() + this.#options.timings.waitMs;
    while (Date.now() < end && !this.#stop.signal.aborted) {
      await sleep(OTHERS_LOOK_MS, undefined, { signal: this.#stop.signal }).catch(() => {});
      await this.#sync();
      if (this.#record(feed).stamp.checkedAt > checkedAt) return true;
    }
    return false;
  }

  async #waitFor(look: Promise<boolean>): Promise<boolean> {
    const done = new AbortController();
    const late = sleep(this.#options.timings.waitMs, false, { signal: done.signal }).catch(() => false);
    try {
      return await Promise.race([look, late]);
    } finally {
      done.abort();
    }
  }

  #combine(): void {
    this.#articles = combineFeeds(
      this.#options.feeds.map((feed) => this.#record(feed)),
      Date.now(),
    );
    this.#options.onArticles(this.#articles);
  }

  #record(feed: string): FeedRecord {
    return this.#records.get(feed) ?? unseenFeed;
  }
}

const isUnseen = ({ stamp }: FeedRecord) => stamp.checkedAt === 0;
