import { useChanges } from "./changes.ts";
import { useNow } from "./clock.ts";
import { absoluteTime, price, relativeTime } from "./format.ts";
import type { BoardPrice, Prices } from "./prices.ts";
import { SCROLLS } from "./scrolls.ts";
import { isStale } from "./stale.ts";

const ARROWS = { "-1": "▼", 0: "", 1: "▲" } as const;
const WORDS = { "-1": "fell to", 0: "is at", 1: "rose to" } as const;

/** The newest price of every symbol, side by side. */
export function PriceStrip({ prices }: { prices: Prices }) {
  useChanges(prices);
  const now = useNow();
  const all = prices.all();
  if (all.length === 0)
    return <p class="prices none">No prices yet: they show here once a feed sends them.</p>;
  return (
    // Scrolls sideways where there are many.
    <section class="prices" aria-label="Prices" {...SCROLLS}>
      <ul>
        {all.map((quote) => (
          <Quote key={quote.symbol} quote={quote} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Quote({ quote, now }: { quote: BoardPrice; now: number }) {
  const { symbol, direction, as_of, source } = quote;
  const isOld = isStale(quote, now);
  const kind = direction > 0 ? "gain" : direction < 0 ? "loss" : "even";
  return (
    <li class={isOld ? "stale" : undefined} title={`${symbol}, ${source}, ${absoluteTime(as_of)}`}>
      <b>{symbol}</b>
      <span class="visually-hidden">{WORDS[direction]}</span>
      <span class="price">{price(quote.price)}</span>
      {!isOld && (
        <span class={`arrow change ${kind}`} aria-hidden="true">
          {ARROWS[direction]}
        </span>
      )}
      {isOld && <small>{relativeTime(as_of, now)} old</small>}
    </li>
  );
}
