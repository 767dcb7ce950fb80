import { type Changing, createChanges } from "../board/changes.ts";
import { getUntilThere, pathOf, type Trouble } from "../board/rest.ts";
import type { PlaygroundClient, Sentiment } from "../client/index.ts";

const MOST = 200;

/** Texts that models and people had scored, newest on the tape first. */
export interface SentimentFeed extends Changing {
  readonly sentiments: readonly Sentiment[];
  readonly isLoaded: boolean;
  readonly trouble: Trouble | undefined;
  start(client: PlaygroundClient): void;
}

export function createSentimentFeed(): SentimentFeed {
  const { changed, subscribe } = createChanges();
  let bySeq = new Map<number, Sentiment>();
  let sentiments: readonly Sentiment[] = [];
  let isLoaded = false;
  let trouble: Trouble | undefined;
  let generation = 0;

  const add = (more: readonly Sentiment[]) => {
    for (const sentiment of more) bySeq.set(sentiment.seq, sentiment);
    sentiments = [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, MOST);
    bySeq = new Map(sentiments.map((sentiment) => [sentiment.seq, sentiment]));
    changed();
  };
  const load = async () => {
    const mine = ++generation;
    const page = await getUntilThere<{ sentiments: Sentiment[] }>(
      pathOf("/api/sentiment", { limit: MOST }),
      (met) => {
        trouble = met;
        changed();
      },
      () => mine === generation,
    );
    if (page === undefined || mine !== generation) return;
    isLoaded = true;
    add(page.sentiments);
  };

  return {
    subscribe,
    get sentiments() {
      return sentiments;
    },
    get isLoaded() {
      return isLoaded;
    },
    get trouble() {
      return trouble;
    },
    start(client) {
      client.on("sentiments", add);
      client.on("reset", () => {
        // Seqs of another tape do not compare with those from before.
        bySeq.clear();
        void load();
      });
      void load();
    },
  };
}
