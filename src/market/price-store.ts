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
/** With Redis away for long the oldest parts are given up. */
const MAX_WAITING = 200_000;

export interface PriceStoreOptions {
  client: RedisClient;
  board: PriceBoard;
  /** What the keys begin with, up to and including the tape's epoch and the feed's kind. */
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
      const quote = decodeQuote(text);
      if (quote === undefined || quote.time < Date.now() - KEPT_HOURS * HOUR_MS) {
        old.push(symbol);
        continue;
      }
      // Up to now as well: an instance that is behind may have saved an older quote over a newer one.
      const hours = new Set([...lastHours(quote.tradedAt), ...lastHours(Date.now())]);
      const rows = await Promise.all([...hours].map((hour) => client.hgetall(minutesKey(key, symbol, hour))));
      const parts = rows.flatMap((row) => Object.values(row).flatMap((part) => decodePart(part) ?? []));
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
    const { client, board, prefix } = this.#options;
    const key = prefix();
    const own = new Map<string, Record<string, string>>();
    const commands: Promise<unknown>[] = [];
    for (const part of parts) {
      const bucket = minutesKey(key, part.symbol, Math.floor(part.minute / HOUR_MS));
      const field = `${part.minute}:${part.origin}`;
      const fields = own.get(bucket) ?? {};
      own.set(bucket, fields);
      if (board.isOwn(part)) fields[field] = encodePart(part);
      // Of another instance's part this one's copy may be behind: it only fills a gap.
      else commands.push(client.hsetnx(bucket, field, encodePart(part)));
    }
    for (const [bucket, fields] of own) {
      if (Object.keys(fields).length > 0) commands.push(client.hset(bucket, fields));
      commands.push(client.expire(bucket, EXPIRES_SECONDS));
    }
    if (quotes.length > 0) {
      const fields = Object.fromEntries(quotes.map((quote) => [quote.symbol, encodeQuote(quote)]));
      commands.push(client.hset(`${key}quotes`, fields), client.expire(`${key}quotes`, EXPIRES_SECONDS));
    }
    await Promise.all(commands);
  }
}

/** The numbers of the hours that are kept, up to the one of `time` (Unix milliseconds). */
function lastHours(time: number): number[] {
  const newest = Math.floor(time / HOUR_MS);
  return Array.from({ length: KEPT_HOURS }, (_, index) => newest - KEPT_HOURS + 1 + index);
}

function minutesKey(key: string, symbol: string, hour: number): string {
  return `${key}minutes:${symbol}:${hour}`;
}
