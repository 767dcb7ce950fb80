import { isoNow } from "../contracts/clock.ts";
import type { TapeEntry } from "../contracts/tape.ts";
import { unavailable } from "../platform/errors.ts";
import type { Claim, Writer } from "../platform/http/write-guard.ts";
import type { Database } from "../platform/postgres/database.ts";
import { databaseErrorCode, isDatabaseUnavailable, UNIQUE_VIOLATION } from "../platform/postgres/errors.ts";
import { askedJson, type BatchRow, itemJson, type WriteItem, type WriteKind } from "./kinds.ts";

/** A bulk request is one group, so no batch is smaller than what a group may hold. */
const BATCH_ROWS = 1000;
const MAX_RETRIES = 5;
/** The lock of groups that claim models. */
const CLAIMING = "claims";

export interface CommittedBatch {
  entries: TapeEntry[];
  /** The tape's epoch that they belong to. */
  epoch: string;
}

export type AppendOutcome =
  | { written: true; entries: TapeEntry[] }
  /** Positions in the group of the items that were there before; nothing was written. */
  | { written: false; known: number[] };

/** Or that the writer may not write for a model of the group as things stand. */
type Outcome = AppendOutcome | { written: false; strange: true };

interface Group {
  kind: WriteKind;
  items: WriteItem[];
  writer: Writer | undefined;
  claims: Claim[];
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

export interface AppenderOptions {
  database: Database;
  /** How many waiting rows are taken before a write is answered 503. */
  maxQueuedRows: number;
  /** Called once a batch has committed, before its writers hear of it; must not throw. */
  onCommit: (batch: CommittedBatch) => void;
  /**
   * Batches on their way at once; 1 by default. With two PostgreSQL reads one while it writes the other, on a connection
   * each. They commit in the order in which they were sent, as long as nobody else writes as much at the same time.
   */
  batchesInFlight?: number;
}

interface Batch {
  groups: Group[];
  locks: Set<string>;
  rows: number;
  done: Promise<void>;
}

/** What a batch comes behind. */
interface Turn {
  /** Where the head is once all before it are written. */
  head: number;
  /** Settles when they are through, written or not. */
  isOver: Promise<unknown>;
}

const FIRST: Turn = { head: 0, isOver: Promise.resolve() };

/**
 * Group commit: while a batch is in flight the next one fills; no timers. Each batch is one statement that holds the
 * head row's lock for its own length, so seqs are dense and in commit order across all instances.
 */
export class Appender {
  readonly #options: AppenderOptions;
  #waiting: Group[] = [];
  #waitingRows = 0;
  /** The turn of the event loop after which what waits is sent. */
  #turn: Promise<void> | undefined;
  readonly #flying = new Set<Batch>();
  /** As far as this appender has written it. */
  #head: number | undefined;
  #epoch: string | null = null;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  get queuedRows(): number {
    return this.#waitingRows;
  }

  /**
   * Writes a group of records, all or none. Resolves after the commit and never before.
   * @param writer claims, in the same commit, those of the models that are nobody's yet; absent: nobody asks.
   * @throws AppError 503 where the queue is full or PostgreSQL is out of reach; the outcome is then unknown. What the
   * writer throws where it may not write for one of the models.
   */
  async append(kind: WriteKind, items: WriteItem[], writer?: Writer): Promise<AppendOutcome> {
    let claims: Claim[] = [];
    for (let attempt = 1; attempt <= MAX_RETRIES; attempt++) {
      const outcome = await this.#enqueue(kind, items, writer, claims);
      if (!("strange" in outcome) || writer === undefined) return outcome as AppendOutcome;
      claims = await writer.claimsFor([...new Set(items.flatMap(({ model }) => model ?? []))]);
    }
    throw unavailable("Whose these models are is being settled; try again.");
  }

  #enqueue(
    kind: WriteKind,
    items: WriteItem[],
    writer: Writer | undefined,
    claims: Claim[],
  ): Promise<Outcome> {
    if (this.#waitingRows + items.length > this.#options.maxQueuedRows) {
      return Promise.reject(unavailable("Too many writes are waiting; try again."));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ kind, items, writer, claims, resolve, reject });
      this.#waitingRows += items.length;
      if (this.#hasRoom()) this.#turn ??= this.#sendNextTurn();
    });
  }

  /** Resolves when everything that waits has been committed or refused. */
  async flush(): Promise<void> {
    while (this.#turn !== undefined || this.#flying.size > 0) {
      await Promise.all([this.#turn, ...[...this.#flying].map(({ done }) => done)]);
    }
  }

  /** One turn of the event loop lets requests that arrived together ride together. */
  async #sendNextTurn(): Promise<void> {
    await new Promise(setImmediate);
    this.#turn = undefined;
    this.#send();
  }

  #hasRoom(): boolean {
    // Without a head nothing could be said to come behind the first.
    const limit = this.#head === undefined ? 1 : (this.#options.batchesInFlight ?? 1);
    return this.#flying.size < limit;
  }

  #send(): void {
    while (this.#hasRoom() && this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      if (batch.groups.length === 0) return;
      const turn = this.#nextTurn();
      this.#flying.add(batch);
      batch.done = this.#write(batch.groups, turn).then(() => {
        this.#flying.delete(batch);
        this.#send();
      });
    }
  }

  #nextTurn(): Turn {
    if (this.#flying.size === 0) return FIRST;
    const before = [...this.#flying];
    const head = before.reduce((sum, { rows }) => sum + rows, this.#head ?? 0);
    return { head, isOver: Promise.all(before.map(({ done }) => done)) };
  }

  /**
   * The oldest group and all behind it of the same kind that fit and share no lock, neither with each other nor with what
   * is on its way; order within a lock is kept.
   */
  #takeBatch(): Batch {
    const batch: Batch = { groups: [], locks: new Set(), rows: 0, done: Promise.resolve() };
    const rest: Group[] = [];
    const taken = [batch.locks, new Set<string>(), ...[...this.#flying].map(({ locks }) => locks)] as const;
    const kind = this.#waiting[0]?.kind;
    for (const group of this.#waiting) {
      const rows = batch.rows + group.items.length;
      const fits = group.kind === kind && (batch.rows === 0 || rows <= BATCH_ROWS);
      // How many models an account owns is counted before a batch, so no two groups of one claim.
      const claims = group.claims.length > 0 ? [CLAIMING] : [];
      const rides =
        fits &&
        claims.every((lock) => isFree(lock, taken)) &&
        group.items.every((item) => item.locks.every((lock) => isFree(lock, taken)));
      for (const lock of claims) taken[rides ? 0 : 1].add(lock);
      for (const item of group.items) for (const lock of item.locks) taken[rides ? 0 : 1].add(lock);
      if (rides) {
        batch.groups.push(group);
        batch.rows = rows;
      } else rest.push(group);
    }
    this.#waiting = rest;
    this.#waitingRows -= batch.rows;
    return batch;
  }

  async #write(groups: Group[], turn: Turn): Promise<void> {
    try {
      await this.#commit(groups, turn);
    } catch (error) {
      if (isDatabaseUnavailable(error)) {
        const failure = unavailable(
          "The database did not answer; the write may or may not be stored. Try again with the same id.",
        );
        failure.cause = error;
        for (const group of groups) group.reject(failure);
      } else if (groups.length === 1) groups[0]?.reject(error);
      // One bad group must not take its neighbours down: each is tried alone.
      else for (const group of groups) await this.#write([group], FIRST);
    }
  }

  async #commit(groups: Group[], turn: Turn): Promise<void> {
    const kind = (groups[0] as Group).kind;
    const at = isoNow();
    const row = await this.#execute(kind, groups, at, turn);
    const known = new Set(row.known?.map((position) => Number(position) - 1));
    const entries: TapeEntry[] = [];
    const strange = new Set(row.strange?.map((position) => Number(position) - 1));
    const outcomes: Outcome[] = [];
    let n = 0;
    for (const group of groups) {
      const first = n;
      n += group.items.length;
      if (strange.size > 0 && group.items.some((_, index) => strange.has(first + index))) {
        outcomes.push({ written: false, strange: true });
        continue;
      }
      const repeated =
        known.size === 0 ? [] : group.items.flatMap((_, index) => (known.has(first + index) ? [index] : []));
      if (repeated.length > 0) {
        outcomes.push({ written: false, known: repeated });
        continue;
      }
      const own = group.items.map((item, index) => {
        const position = entries.length + index;
        const body = row.bodies?.[position] ?? item.body;
        return {
          seq: Number(row.base) + position + 1,
          kind: kind.kind,
          model: item.model,
          symbol: item.symbol,
          at,
          body,
        };
      });
      entries.push(...own);
      outcomes.push({ written: true, entries: own });
    }
    if (entries.length > 0) {
      const head = Number(row.base) + entries.length;
      // Of another tape the numbers begin anew.
      this.#head = row.epoch === this.#epoch ? Math.max(this.#head ?? 0, head) : head;
      this.#epoch = row.epoch;
      this.#options.onCommit({ entries, epoch: String(row.epoch) });
    }
    groups.forEach((group, index) => {
      group.resolve(outcomes[index] as Outcome);
    });
  }

  async #execute(kind: WriteKind, groups: Group[], at: string, turn: Turn): Promise<BatchRow> {
    const bodies = groups.flatMap((group) => group.items.map((item) => item.body));
    const isGuarded = groups.some(({ writer }) => writer !== undefined);
    const items = groups.flatMap(({ items, writer, claims }, index) =>
      items.map((item, n) =>
        itemJson(index, item, writer === undefined ? "" : askedJson(writer, item, claims, n === 0)),
      ),
    );
    const body = `[${bodies.join(",")}]`;
    const about = `[${items.join(",")}]`;
    const statement = isGuarded ? kind.guarded : kind.statement;
    const more = kind.parameters?.() ?? [];
    let { head } = turn;
    for (let attempt = 1; ; attempt++) {
      try {
        const values = [body, at, about, head, ...more];
        const [row] = await this.#options.database.run<BatchRow>(statement, values);
        if (row !== undefined && !row.early) return row;
        // It has overtaken the batch before it, or that one was not written.
        await turn.isOver;
        head = 0;
      } catch (error) {
        // Another instance wrote the same id or key meanwhile; the next try finds it known.
        const code = databaseErrorCode(error);
        if ((code !== UNIQUE_VIOLATION && code !== "40P01") || attempt >= MAX_RETRIES) throw error;
      }
    }
  }
}

function isFree(lock: string, taken: readonly ReadonlySet<string>[]): boolean {
  for (const locks of taken) if (locks.has(lock)) return false;
  return true;
}
