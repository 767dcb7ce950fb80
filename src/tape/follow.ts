import type { TapeEntry } from "../contracts/tape.ts";
import type { Database } from "../platform/postgres/database.ts";
import { type Head, readHead, renewEpoch } from "./head.ts";
import { readTape } from "./read.ts";
import { RecentEntries } from "./recent.ts";

const GAP_WAIT_MS = 50;
const LOOK_SOON_MS = 50;
const GAP_PAGE = 1000;
const MAX_AHEAD_ENTRIES = 20_000;

export interface FollowerOptions {
  database: Database;
  /** What the newest entries may take in memory. */
  memoryBytes?: number;
  /** Receives every entry once, in seq order; must not throw. */
  onEntries: (entries: TapeEntry[]) => void;
  /** The tape was restored from a backup or reset: seqs start anew from `head`. */
  onEpochChange: (head: Head) => void;
  /** Milliseconds until the next look at the head row; shorter while no announcements can be heard. */
  headCheckMs: () => number;
  onError: (error: unknown) => void;
}

/**
 * One instance's reader of the tape. Announced batches are the fast way; whatever they miss (a lost message, a crash
 * between commit and announcement, Redis away) is found by the look at the head row and read from PostgreSQL.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly recent: RecentEntries;
  #head: Head;
  #cursor: number;
  /** Batches that came before the ones below them, by first seq. */
  #ahead = new Map<number, TapeEntry[]>();
  #aheadEntries = 0;
  #gapTimer: NodeJS.Timeout | undefined;
  #headTimer: NodeJS.Timeout | undefined;
  #soonTimer: NodeJS.Timeout | undefined;
  #repairing: Promise<void> | undefined;
  #waiters: { seq: number; resolve: () => void }[] = [];
  #stopped = false;

  private constructor(options: FollowerOptions, head: Head) {
    this.#options = options;
    this.recent = new RecentEntries(options.memoryBytes);
    this.#head = head;
    this.#cursor = head.seq;
  }

  /** Starts at the tape's head. @throws where PostgreSQL cannot be read. */
  static async start(options: FollowerOptions): Promise<Follower> {
    const follower = new Follower(options, await readHead(options.database));
    follower.#scheduleHeadCheck();
    return follower;
  }

  /** Everything up to this seq has been handed on. */
  get cursor(): number {
    return this.#cursor;
  }

  get epoch(): string {
    return this.#head.epoch;
  }

  /** The oldest seq that the tape keeps, as of the last look at the head row. */
  get oldest(): number {
    return this.#head.oldest;
  }

  /**
   * Takes a batch of consecutive entries from wherever it came; what is known already is dropped. One of another epoch is
   * none of this tape's, but says that it is time to look at the head.
   */
  offer(entries: TapeEntry[], epoch: string): void {
    if (this.#stopped) return;
    if (epoch !== this.#head.epoch) this.#lookSoon();
    else this.#take(entries);
  }

  #take(entries: TapeEntry[]): void {
    const first = entries[0];
    const last = entries.at(-1);
    if (first === undefined || last === undefined || last.seq <= this.#cursor) return;
    if (first.seq > this.#cursor + 1) {
      this.#keepAhead(first.seq, entries);
      return;
    }
    this.#deliver(first.seq === this.#cursor + 1 ? entries : entries.slice(this.#cursor + 1 - first.seq));
    this.#takeAhead();
  }

  /** Resolves once the cursor has reached `seq`; false where it did not within `timeoutMs`. */
  reached(seq: number, timeoutMs: number): Promise<boolean> {
    if (this.#cursor >= seq) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve(false);
      }, timeoutMs);
      const waiter = {
        seq,
        resolve: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      this.#waiters.push(waiter);
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#gapTimer);
    clearTimeout(this.#headTimer);
    clearTimeout(this.#soonTimer);
  }

  #deliver(entries: TapeEntry[]): void {
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#cursor = last.seq;
    this.recent.push(entries);
    this.#options.onEntries(entries);
    if (this.#waiters.length > 0) {
      const ready = this.#waiters.filter((waiter) => waiter.seq <= this.#cursor);
      this.#waiters = this.#waiters.filter((waiter) => waiter.seq > this.#cursor);
      for (const waiter of ready) waiter.resolve();
    }
  }

  #keepAhead(first: number, entries: TapeEntry[]): void {
    // Beyond the bound PostgreSQL is the better place to keep them.
    if (!this.#ahead.has(first) && this.#aheadEntries + entries.length <= MAX_AHEAD_ENTRIES) {
      this.#ahead.set(first, entries);
      this.#aheadEntries += entries.length;
    }
    this.#gapTimer ??= setTimeout(() => {
      this.#gapTimer = undefined;
      if (this.#ahead.size > 0) void this.#repair();
    }, GAP_WAIT_MS);
  }

  #takeAhead(): void {
    let next = this.#ahead.get(this.#cursor + 1);
    while (next !== undefined) {
      this.#forgetAhead(this.#cursor + 1, next);
      this.#deliver(next);
      next = this.#ahead.get(this.#cursor + 1);
    }
    if (this.#ahead.size === 0) return;
    // A repair may have read past the start of a kept batch: what is left of it still counts.
    for (const [first, entries] of this.#ahead) {
      if (first > this.#cursor) continue;
      this.#forgetAhead(first, entries);
      this.#take(entries);
    }
  }

  #forgetAhead(first: number, entries: TapeEntry[]): void {
    this.#ahead.delete(first);
    this.#aheadEntries -= entries.length;
  }

  #scheduleHeadCheck(): void {
    if (this.#stopped) return;
    this.#headTimer = setTimeout(async () => {
      await this.checkHead().catch(this.#options.onError);
      this.#scheduleHeadCheck();
    }, this.#options.headCheckMs());
    this.#headTimer.unref();
  }

  /** However many messages ask for it: whoever can publish may send what they like. */
  #lookSoon(): void {
    this.#soonTimer ??= setTimeout(async () => {
      await this.checkHead().catch(this.#options.onError);
      this.#soonTimer = undefined;
    }, LOOK_SOON_MS);
  }

  /** Looks at the head row and reads whatever has not been announced. */
  async checkHead(): Promise<void> {
    const before = this.#cursor;
    const { epoch } = this.#head;
    let head = await readHead(this.#options.database);
    if (head.epoch === epoch && head.seq < before) {
      // Below the cursor although it was read later: not the same tape any more, whatever its epoch says.
      await renewEpoch(this.#options.database, epoch);
      head = await readHead(this.#options.database);
    }
    if (this.#stopped) return;
    if (head.epoch !== this.#head.epoch) {
      this.#startAnew(head);
      return;
    }
    this.#head = head;
    if (head.seq > this.#cursor && this.#gapTimer === undefined) await this.#repair();
  }

  #startAnew(head: Head): void {
    this.#head = head;
    this.#cursor = head.seq;
    this.#ahead.clear();
    this.#aheadEntries = 0;
    this.recent.clear();
    this.#options.onEpochChange(head);
  }

  /** Reads the tape from the cursor on until it has nothing newer. */
  #repair(): Promise<void> {
    this.#repairing ??= this.#readOn()
      .catch(this.#options.onError)
      .finally(() => {
        this.#repairing = undefined;
      });
    return this.#repairing;
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const epoch = this.#head.epoch;
      const entries = await readTape(this.#options.database, this.#cursor, Number.MAX_SAFE_INTEGER, GAP_PAGE);
      if (this.#stopped || epoch !== this.#head.epoch) return;
      const fresh = entries.filter((entry) => entry.seq > this.#cursor);
      if (fresh.length > 0 && fresh[0]?.seq !== this.#cursor + 1) {
        // What comes next was trimmed off before it could be read: nobody here can be sent it any more.
        this.#startAnew(await readHead(this.#options.database));
        return;
      }
      this.#deliver(fresh);
      this.#takeAhead();
      if (entries.length < GAP_PAGE) return;
    }
  }
}
