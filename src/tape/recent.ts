import type { TapeEntry } from "../contracts/tape.ts";

const MAX_ENTRIES = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** The newest stretch of the tape in memory, so that a short absence is resumed without PostgreSQL. */
export class RecentEntries {
  #entries: TapeEntry[] = [];
  #bytes = 0;

  /** Entries must come in seq order without a gap; after a jump everything older is forgotten. */
  push(entries: readonly TapeEntry[]): void {
    const first = entries[0];
    const last = this.#entries.at(-1);
    if (first === undefined) return;
    if (last !== undefined && first.seq !== last.seq + 1) this.clear();
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#bytes += entry.body.length;
    }
    // Cut in large pieces: taking one off the front of a long array for each new one would cost more.
    if (this.#entries.length > MAX_ENTRIES * 1.25 || this.#bytes > MAX_BYTES * 1.25) this.#cut();
  }

  #cut(): void {
    let drop = Math.max(0, this.#entries.length - MAX_ENTRIES);
    let bytes = this.#bytes;
    for (let index = 0; index < drop; index++) bytes -= this.#entries[index]?.body.length ?? 0;
    while (bytes > MAX_BYTES) bytes -= this.#entries[drop++]?.body.length ?? 0;
    this.#entries = this.#entries.slice(drop);
    this.#bytes = bytes;
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }

  /** Entries with `since < seq ≤ until`, at most `limit`; undefined where memory does not reach back that far. */
  read(since: number, until: number, limit: number): TapeEntry[] | undefined {
    const first = this.#entries[0]?.seq;
    if (first === undefined || since + 1 < first) return undefined;
    const start = since + 1 - first;
    return this.#entries.slice(start, Math.min(start + limit, until + 1 - first));
  }
}
