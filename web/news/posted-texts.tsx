import { ModelName, Moment } from "../board/figures.tsx";
import { absoluteTime } from "../board/format.ts";
import type { Sentiment } from "../client/index.ts";
import { Mood } from "./mood.tsx";

/** Older ones are in `/api/sentiment`. */
const SHOWN = 40;

/** Texts that were posted to be scored, as they come. */
export function PostedTexts({ sentiments, coin }: { sentiments: readonly Sentiment[]; coin: string }) {
  return (
    <section class="panel posted" aria-labelledby="posted">
      <h2 id="posted">{coin === "" ? "Posted texts" : `Posted texts about ${coin}`}</h2>
      {sentiments.length === 0 && (
        <p class="flat">None yet. POST /api/sentiment scores a text; with a symbol it shows here at once.</p>
      )}
      <ol>
        {sentiments
          .slice(0, SHOWN)
          .map(({ seq, symbol, text, label, confidence, model, source, timestamp }) => (
            <li key={seq}>
              <p class="text">{text}</p>
              <p class="origin">
                <Mood label={label} confidence={confidence} />
                <b>{symbol}</b>
                {model === null ? <span>{source}</span> : <ModelName model={model} />}
                <span title={absoluteTime(timestamp)}>
                  <Moment at={timestamp} inSentence />
                </span>
              </p>
            </li>
          ))}
      </ol>
    </section>
  );
}
