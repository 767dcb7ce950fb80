import type { TapeEntry } from "../contracts/tape.ts";

const CHUNK_ENTRIES = 1_000;
/** Beside its text: the object, its time, names and place in a list. */
const ENTRY_BYTES = 200;
const KEEP_MS = 60_000;
export const DEFAULT_MEMORY_BYTES = 64 * 1024 * 1024;

/** Consecutive entries, the newest of which came at `at`. */
interface Chunk {
  first: number;
  entries: TapeEntry[];
  bytes: number;
  at: number;
}

/**
 * The newest stretch of the tape in memory, so that a short absence, as by a rolling restart, is resumed without
 * PostgreSQL: the last minute, as far as it fits into so many bytes.
 */
export class RecentEntries {
  readonly #maxBytes: number;
  readonly #now: () => number;
  #chunks: Chunk[] = [];
  #bytes = 0;

  /** @param now a clock in milliseconds that never goes back. */
  constructor(maxBytes = DEFAULT_MEMORY_BYTES, now: () => number = () => performance.now()) {
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  /** Entries must come in seq order without a gap; after a jump everything older is forgotten. */
  push(entries: readonly TapeEntry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    const next = this.#chunks.at(-1);
    if (next !== undefined && first.seq !== next.first + next.entries.length) this.clear();
    for (const entry of entries) this.#add(entry);
    this.#forgetOldest();
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }

  /** Entries with `since < seq ≤ until`, at most `limit`; undefined where memory does not reach back that far. */
  read(since: number, until: number, limit: number): TapeEntry[] | undefined {
    const oldest = this.#chunks[0]?.first;
    if (oldest === undefined || since + 1 < oldest) return undefined;
    const last = Math.min(until, since + limit);
    return this.#chunks
      .filter(({ first, entries }) => first <= last && first + entries.length > since + 1)
      .flatMap(({ first, entries }) => entries.slice(Math.max(0, since + 1 - first), last + 1 - first));
  }

  #add(entry: TapeEntry): void {
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.entries.length === CHUNK_ENTRIES) {
      chunk = { first: entry.seq, entries: [], bytes: 0, at: 0 };
      this.#chunks.push(chunk);
    }
    const bytes = entry.body.length + ENTRY_BYTES;
    chunk.entries.push(entry);
    chunk.bytes += bytes;
    chunk.at = this.#now();
    this.#bytes += bytes;
  }

  /** A chunk at a time; the one that is being filled stays. */
  #forgetOldest(): void {
    const before = this.#now() - KEEP_MS;
    for (
      let oldest = this.#chunks[0];
      oldest !== undefined && this.#chunks.length > 1;
      oldest = this.#chunks[0]
    ) {
      if (this.#bytes <= this.#maxBytes && oldest.at >= before) return;
      this.#bytes -= oldest.bytes;
      this.#chunks.shift();
    }
  }
}
