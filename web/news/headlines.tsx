import { Moment } from "../board/figures.tsx";
import { absoluteTime } from "../board/format.ts";
import type { Article } from "../client/index.ts";
import { Mood } from "./mood.tsx";

export interface HeadlinesProps {
  /** Newest first. */
  articles: readonly Article[];
  /** The coin that is chosen; empty: all. */
  coin: string;
  onChoose: (symbol: string) => void;
}

/** The articles of the feeds, each with its sentiment and its coins. */
export function Headlines({ articles, coin, onChoose }: HeadlinesProps) {
  return (
    <section class="panel headlines" aria-labelledby="headlines">
      <h2 id="headlines">{coin === "" ? "Headlines" : `Headlines about ${coin}`}</h2>
      {articles.length === 0 && (
        <p class="flat">
          {coin === ""
            ? "No headline yet: NEWS_FEEDS names the feeds to read."
            : `No headline about ${coin} at present. One that comes shows here at once.`}
        </p>
      )}
      <ol>
        {articles.map(({ link, title, source, published, description, sentiment, coins }) => (
          <li key={link}>
            <Mood {...sentiment} />
            <div>
              <h3>
                <a href={link} rel="noreferrer noopener" target="_blank">
                  {title}
                </a>
              </h3>
              {description !== "" && <p class="description">{description}</p>}
              <p class="origin">
                <span>{source}</span>
                <span>
                  <Moment at={published} inSentence /> · {absoluteTime(published)}
                </span>
                {coins.map((symbol) => (
                  <button key={symbol} type="button" class="coin" onClick={() => onChoose(symbol)}>
                    {symbol}
                  </button>
                ))}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
