/** What is done with a key of the old playground's Redis. */
export type KeyUse = "portfolio" | "history" | "left";

interface KeyClass {
  pattern: RegExp;
  use: KeyUse;
  /** As it is called in the report. */
  name: string;
  why: string;
}

const LIVE = "live prices are not stored in PostgreSQL; the feed brings new ones";
const CACHE = "a cache or a log, which the service makes anew";
const HISTORY =
  "price history is not stored in PostgreSQL; --prices <file.csv> writes it out for PRICE_FEED=replay";

const CLASSES: readonly KeyClass[] = [
  { pattern: /^portfolio:./s, use: "portfolio", name: "portfolio:<model>", why: "" },
  {
    pattern: /^history:[^:]+:v1:year:/,
    use: "history",
    name: "history:<symbol>:v1:year:<year>",
    why: HISTORY,
  },
  { pattern: /^history:[^:]+:v1:meta$/, use: "left", name: "history:<symbol>:v1:meta", why: HISTORY },
  {
    pattern: /^history:[^:]+:v1:backup:/,
    use: "left",
    name: "history:<symbol>:v1:backup:<ms>",
    why: "copies of the history's meta",
  },
  { pattern: /^market:/, use: "left", name: "market:<symbol>", why: LIVE },
  {
    pattern: /^sentiment:perCoin$/,
    use: "left",
    name: "sentiment:perCoin",
    why: "averages, whose scores are not in them",
  },
  {
    pattern: /^sentiment:history:/,
    use: "left",
    name: "sentiment:history:<symbol>",
    why: "averages, whose scores are not in them",
  },
  { pattern: /^errors:logs$|^logs:/, use: "left", name: "errors:logs and logs:<service>", why: CACHE },
  { pattern: /^news:/, use: "left", name: "news:<…>", why: CACHE },
  {
    pattern: /^hf:status$|^redis_health_check$|^health_check_/,
    use: "left",
    name: "hf:status and health checks",
    why: CACHE,
  },
];
const OTHERS: Omit<KeyClass, "pattern"> = {
  use: "left",
  name: "other keys",
  why: "they are none of the old playground's",
};

export const TRADES_KEY = "trades:list";
export const SENTIMENTS_KEY = "sentiment:logs";

/** What becomes of a key other than the two lists. */
export function classify(key: string): Omit<KeyClass, "pattern"> {
  return CLASSES.find(({ pattern }) => pattern.test(key)) ?? OTHERS;
}

/** Whether a key says that this is a playground's Redis. */
export function isOurs(key: string): boolean {
  return key === TRADES_KEY || key === SENTIMENTS_KEY || classify(key) !== OTHERS;
}
