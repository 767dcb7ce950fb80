import { portfolioReport } from "../../../contracts/portfolio.ts";
import { isObject } from "../legacy/fields.ts";
import { plainName } from "../legacy/names.ts";
import { NestedTooDeeply, parseValue } from "../legacy/parse-value.ts";
import { legacyPortfolio } from "../legacy/portfolio.ts";
import { legacySentiment } from "../legacy/sentiment.ts";
import { legacyTrade } from "../legacy/trade.ts";
import { NUMBERS_WRITTEN_OUT } from "../repair-decimals.ts";
import {
  ImportError,
  type Source,
  type SourceCommand,
  type SourceOptions,
  type SourceRow,
} from "../source.ts";
import { type RedisAddress, redisAddress } from "./address.ts";
import { blocksOf, NotAnArray } from "./elements.ts";
import { writeHistory } from "./history-file.ts";
import { classify, isOurs, SENTIMENTS_KEY, TRADES_KEY } from "./keys.ts";
import { oldestFirst } from "./oldest-first.ts";
import { openRedis, type RedisReader } from "./reader.ts";

const GROUP_KEYS = 100;
const GROUP_BYTES = 8 * 1024 * 1024;
const MAX_PORTFOLIO_BYTES = 5 * 1024 * 1024;
const NO_SYMBOL =
  "scores that name no symbol, by which scores are kept here; --sentiment-symbol <symbol> takes them";

/** The Redis of the old playground. */
export const redis: SourceCommand = {
  command: "redis",
  argument: "<url>",
  description:
    "what the old playground kept in Redis: trades, portfolios and scores; Upstash's https:// URL too",
  options: [
    ["--token <token>", "Upstash's REST token"],
    ["--sentiment-symbol <symbol>", "the symbol of scores that name none"],
    ["--prices <file.csv>", "write the price history to this file, for PRICE_FEED=replay:<file.csv>"],
  ],
  isDatabase: true,
  open: openRedisSource,
};

async function openRedisSource(argument: string, options: SourceOptions): Promise<Source> {
  const address = redisAddress(argument, options, options.configuredRedis);
  // A wrong password should be said before a database is started.
  (await openRedis(address)).close();
  let share = 0;
  return {
    name: address.name,
    unit: "key",
    // The lists are, once they are turned round: in the order in which the records came in.
    inTimeOrder: true,
    repairs: `${NUMBERS_WRITTEN_OUT}; names, words and times mended`,
    share: () => share,
    async *rows(which = "all") {
      const reader = await openRedis(address);
      share = 0;
      try {
        const onShare = (done: number) => {
          share = 0.8 * done;
        };
        yield* listed(reader, address, TRADES_KEY, tradeRow, onShare);
        yield* listed(reader, address, SENTIMENTS_KEY, (place, value) => scoreRow(place, value, options));
        share = 0.9;
        yield* otherKeys(reader, address, which, options);
        share = 1;
      } finally {
        reader.close();
      }
    },
  };
}

async function* listed(
  reader: RedisReader,
  { name }: RedisAddress,
  key: string,
  rowOf: (place: string, value: unknown) => SourceRow,
  onShare: (done: number) => void = () => {},
): AsyncGenerator<SourceRow> {
  const [size] = await reader.sizes([key]);
  if (size === undefined) {
    throw new ImportError(`${key} of ${name} is no string: it was not written by the old playground.`);
  }
  try {
    for await (const { elements, shareBefore } of oldestFirst(blocksOf(reader.pieces(key)), size)) {
      for (const { text, index } of elements) {
        onShare(shareBefore(index));
        yield elementRow(`${key}[${index}]`, text, rowOf);
      }
    }
  } catch (error) {
    if (error instanceof NotAnArray) throw new ImportError(`${key} of ${name} ${error.message}.`);
    throw error;
  }
}

function elementRow(
  place: string,
  text: string,
  rowOf: (place: string, value: unknown) => SourceRow,
): SourceRow {
  let value: unknown;
  try {
    value = parseValue(text);
  } catch (error) {
    return { place, refused: unreadable(error) };
  }
  return rowOf(place, value);
}

const unreadable = (error: unknown) => (error instanceof NestedTooDeeply ? error.message : "is no JSON");

function tradeRow(place: string, value: unknown): SourceRow {
  if (!isObject(value)) return { place, refused: "must be an object" };
  return { place, kind: "trade", ...legacyTrade(value) };
}

function scoreRow(place: string, value: unknown, { sentimentSymbol }: SourceOptions): SourceRow {
  if (!isObject(value)) return { place, refused: "must be an object" };
  const { record, repairs } = legacySentiment(value, sentimentSymbol);
  if (record.symbol === undefined) return { left: SENTIMENTS_KEY, why: NO_SYMBOL, count: 1 };
  return { place, kind: "sentiment", record: { source: "import", ...record }, repairs };
}

/** Portfolios are read, all other keys counted. */
async function* otherKeys(
  reader: RedisReader,
  { name }: RedisAddress,
  which: "all" | "newcomers",
  options: SourceOptions,
): AsyncGenerator<SourceRow> {
  const portfolios = new Set<string>();
  const history = new Set<string>();
  const left = new Map<string, { left: string; why: string; count: number }>();
  let isKnown = false;
  for await (const keys of reader.keys()) {
    for (const key of keys) {
      isKnown ||= isOurs(key);
      if (key === TRADES_KEY || key === SENTIMENTS_KEY) continue;
      const { use, name: called, why } = classify(key);
      if (use === "portfolio") portfolios.add(key);
      else if (use === "history" && options.prices !== undefined) history.add(key);
      else {
        const counted = left.get(called) ?? { left: called, why, count: 0 };
        counted.count++;
        left.set(called, counted);
      }
    }
  }
  if (!isKnown) {
    throw new ImportError(
      `${name} holds none of the old playground's keys (${TRADES_KEY}, portfolio:<model>, ${SENTIMENTS_KEY}): is it the right database?`,
    );
  }
  yield* portfolioRows(reader, [...portfolios].sort());
  if (which === "newcomers") return;
  if (options.prices !== undefined) {
    const written = await writeHistory(reader, [...history].sort(), options.prices);
    const why = `price history is not stored in PostgreSQL; its ${written} prices were written to ${options.prices}`;
    yield { left: "history:<symbol>:v1:year:<year>", why, count: history.size };
  }
  yield* [...left.values()].sort((a, b) => (a.left < b.left ? -1 : 1));
}

/**
 * One row a model: names were written one way and another, so two keys may hold the same portfolio; the newer counts.
 * One that breaks the contract stands for itself, so that it cannot take a good one's place.
 */
async function* portfolioRows(reader: RedisReader, keys: string[]): AsyncGenerator<SourceRow> {
  const newest = new Map<string, { row: SourceRow; time: string }>();
  for await (const [key, value] of smallValues(reader, keys)) {
    const row = portfolioRow(key, value);
    if (row === undefined) continue;
    const report = portfolioReport.safeParse("record" in row ? row.record : undefined).data;
    if (report === undefined) {
      yield row;
      continue;
    }
    // The contract has brought it into the one spelling whose texts are ordered as the times are.
    const time = report.last_update ?? "";
    const other = newest.get(report.model);
    if (other === undefined || time > other.time) newest.set(report.model, { row, time });
    if (other !== undefined) {
      yield { left: "portfolio:<model>", why: "another key holds a newer one of the same model", count: 1 };
    }
  }
  for (const { row } of newest.values()) yield row;
}

function portfolioRow(key: string, text: string | undefined): SourceRow | undefined {
  if (text === undefined) return { place: key, refused: "is no string, or larger than 5 MB" };
  let value: unknown;
  try {
    value = parseValue(text);
  } catch (error) {
    return { place: key, refused: unreadable(error) };
  }
  // What the upgraded playground overwrites a cached portfolio with.
  if (value === null) return undefined;
  if (!isObject(value)) return { place: key, refused: "must be an object" };
  const keyed = plainName(key.slice("portfolio:".length)) as string;
  return { place: key, kind: "portfolio", ...legacyPortfolio(value, keyed) };
}

/** The values of many keys, in groups that memory holds; undefined where one is too large or no string. */
async function* smallValues(
  reader: RedisReader,
  keys: string[],
): AsyncGenerator<[key: string, text: string | undefined]> {
  for (let at = 0; at < keys.length; at += GROUP_KEYS) {
    const group = keys.slice(at, at + GROUP_KEYS);
    const sizes = await reader.sizes(group);
    let wanted: string[] = [];
    let bytes = 0;
    for (const [index, key] of group.entries()) {
      const size = sizes[index];
      if (size === undefined || size > MAX_PORTFOLIO_BYTES) yield [key, undefined];
      else {
        wanted.push(key);
        bytes += size;
      }
      if (bytes < GROUP_BYTES && index < group.length - 1) continue;
      for (const [n, value] of (await reader.values(wanted)).entries()) {
        yield [wanted[n] as string, value?.toString("utf8") ?? "null"];
      }
      wanted = [];
      bytes = 0;
    }
  }
}
