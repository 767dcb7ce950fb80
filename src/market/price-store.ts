import type { RedisClient } from "../platform/redis/connect.ts";
import type { Part } from "./part.ts";
import type { Changes, PriceBoard } from "./price-board.ts";
import type { MarketQuote } from "./symbol-book.ts";
import { decodePart, decodeQuote, encodePart, encodeQuote } from "./wire.ts";

const SAVE_EVERY_MS = 1_000;
const HOUR_MS = 3_600_000;
const KEPT_HOURS = 26;
const EXPIRES_SECONDS = (KEPT_HOURS * HOUR_MS) / 1000;
/** Parts saved at one time; more wait for the next second. */
const PARTS_A_TIME = 2_000;

/**
 * Sets fields of a hash to `<version> <text>`, but for those that hold a newer version: several instances save one
 * quote, and after Redis was lost each fills it with what it has, which may be behind.
 */
const SET_NEWER = `
for i = 2, #ARGV, 3 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  local version = known and tonumber(string.match(known, '^(%d+) ')) or 0
  if version <= tonumber(ARGV[i + 1]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. ' ' .. ARGV[i + 2])
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])`;

/** With Redis away for long the oldest parts are given up. */
const MAX_WAITING = 200_000;

export interface PriceStoreOptions {
  client: RedisClient;
  board: PriceBoard;
  /** What the keys begin with, up to and including the playground's name and the feed's kind. */
  prefix: () => string;
  /** Quotes that came out of Redis and were news here. */
  onNews: (quotes: MarketQuote[]) => void;
}

/**
 * Keeps the board in Redis, so that an instance that starts knows the last day. A hash holds the newest quotes; a hash
 * a symbol and hour holds that hour's parts and expires by itself. Writes are gathered for a second. Redis being away
 * only means that they wait.
 */
export class PriceStore {
  readonly #options: PriceStoreOptions;
  #quotes = new Map<string, MarketQuote>();
  #parts = new Set<Part>();
  #saving: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #onReady: () => void;

  constructor(options: PriceStoreOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.save(), SAVE_EVERY_MS).unref();
    // A Redis that comes back may have forgotten everything.
    this.#onReady = () => {
      for (const book of options.board.books()) {
        if (book.newest !== undefined) this.#quotes.set(book.newest.symbol, book.newest);
        for (const part of book.parts()) this.#parts.add(part);
      }
    };
    options.client.on("ready", this.#onReady);
  }

  /** Notes what has to be saved. */
  note({ quotes, parts }: Changes): void {
    for (const quote of quotes) this.#quotes.set(quote.symbol, quote);
    for (const part of parts) this.#parts.add(part);
    for (const part of this.#parts) {
      if (this.#parts.size <= MAX_WAITING) break;
      this.#parts.delete(part);
    }
  }

  /** Saves what has been noted, where Redis is there; never rejects. */
  async save(): Promise<void> {
    const nothing = this.#quotes.size === 0 && this.#parts.size === 0;
    if (nothing || this.#saving !== undefined || this.#options.client.status !== "ready") return;
    this.#saving = this.#saveSome().finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  /** Reads the last day into the board. @throws where Redis is away. */
  async load(): Promise<void> {
    const { client, board, prefix, onNews } = this.#options;
    const key = prefix();
    const saved = await client.hgetall(`${key}quotes`);
    const old: string[] = [];
    for (const [symbol, text] of Object.entries(saved)) {
      const quote = decodeQuote(withoutVersion(text));
      if (quote === undefined || quote.time < Date.now() - KEPT_HOURS * HOUR_MS) {
        old.push(symbol);
        continue;
      }
      const hours = lastHours(quote.tradedAt);
      const rows = await Promise.all(hours.map((hour) => client.hgetall(minutesKey(key, symbol, hour))));
      const parts = rows.flatMap((row) =>
        Object.values(row).flatMap((text) => decodePart(withoutVersion(text)) ?? []),
      );
      onNews(board.learn({ quotes: [quote], parts: parts.sort((a, b) => a.minute - b.minute) }));
    }
    if (old.length > 0) await client.hdel(`${key}quotes`, ...old);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#options.client.off("ready", this.#onReady);
    await this.#saving;
    await this.save();
  }

  async #saveSome(): Promise<void> {
    const quotes = this.#quotes;
    const parts = [...this.#parts].slice(0, PARTS_A_TIME);
    this.#quotes = new Map();
    for (const part of parts) this.#parts.delete(part);
    try {
      await this.#write([...quotes.values()], parts);
    } catch {
      // Again with the next; what has changed meanwhile is newer.
      for (const [symbol, quote] of quotes) if (!this.#quotes.has(symbol)) this.#quotes.set(symbol, quote);
      for (const part of parts) this.#parts.add(part);
    }
  }

  async #write(quotes: MarketQuote[], parts: Part[]): Promise<void> {
    const { client, prefix } = this.#options;
    const key = prefix();
    /** Key → field, version and text of each value. */
    const hashes = new Map<string, string[]>();
    const set = (hash: string, ...value: [field: string, version: number, text: string]) => {
      const values = hashes.get(hash) ?? [];
      hashes.set(hash, values);
      values.push(...value.map(String));
    };
    for (const quote of quotes) set(`${key}quotes`, quote.symbol, quote.tradedAt, encodeQuote(quote));
    for (const part of parts) {
      const hash = minutesKey(key, part.symbol, Math.floor(part.minute / HOUR_MS));
      set(hash, `${part.minute}:${part.origin}`, part.count, encodePart(part));
    }
    await Promise.all(
      [...hashes].map(([hash, values]) => client.eval(SET_NEWER, 1, hash, EXPIRES_SECONDS, ...values)),
    );
  }
}

/** The numbers of the hours that are kept, up to the one of `time` (Unix milliseconds). */
function lastHours(time: number): number[] {
  const newest = Math.floor(time / HOUR_MS);
  return Array.from({ length: KEPT_HOURS }, (_, index) => newest - KEPT_HOURS + 1 + index);
}

function withoutVersion(text: string): string {
  return text.slice(text.indexOf(" ") + 1);
}

function minutesKey(key: string, symbol: string, hour: number): string {
  return `${key}minutes:${symbol}:${hour}`;
}
