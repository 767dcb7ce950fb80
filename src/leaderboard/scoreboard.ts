import type { TapeEntry } from "../contracts/tape.ts";
import type { Head } from "../tape/index.ts";
import { ModelScore, type ScoreState } from "./model-score.ts";
import { readBalance, readStart, readTrade } from "./read-entry.ts";

/** How many of a model's newest trades are held beside its curve. */
const KEEP = 256;

/** All scores at one seq of one tape. */
export interface BoardState {
  epoch: string;
  asOf: number;
  scores: ScoreState[];
}

/** Every model's score as of one seq of the tape, in memory, kept by adding the tape's entries in seq order. */
export class Scoreboard {
  readonly #keep: number;
  #scores = new Map<string, ModelScore>();
  #lost = new Set<ModelScore>();
  #epoch: string | undefined;
  #asOf = 0;
  #changes = 0;
  #waiters: (() => void)[] = [];
  /** Called after each change; must not throw. */
  onChange: () => void = () => {};

  constructor(keep = KEEP) {
    this.#keep = keep;
  }

  get asOf(): number {
    return this.#asOf;
  }

  /** How often it has changed: the same number, the same board. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether it can be read: it is loaded, and no curve is lost. */
  get isWhole(): boolean {
    return this.#epoch !== undefined && this.#lost.size === 0;
  }

  get lost(): ReadonlySet<ModelScore> {
    return this.#lost;
  }

  /** How many models it has. */
  get size(): number {
    return this.#scores.size;
  }

  get(model: string): ModelScore | undefined {
    return this.#scores.get(model);
  }

  scores(): Iterable<ModelScore> {
    return this.#scores.values();
  }

  /** Whether it is of this tape; while nothing is loaded, it may become so. */
  isOf(epoch: string): boolean {
    return this.#epoch === undefined || this.#epoch === epoch;
  }

  /** Whether it can be read and has all that was on the tape when its head was read. */
  holds(head: Pick<Head, "epoch" | "seq">): boolean {
    return this.isWhole && this.#epoch === head.epoch && this.#asOf >= head.seq;
  }

  /** Resolves at the next change; false where there was none within `timeoutMs`. */
  changed(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve(false);
      }, timeoutMs);
      const waiter = () => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#waiters.push(waiter);
    });
  }

  /** Forgets everything; there is nothing to read until `install`. */
  clear(): void {
    this.#scores = new Map();
    this.#lost = new Set();
    this.#epoch = undefined;
    this.#asOf = 0;
    this.#tell();
  }

  install({ epoch, asOf, scores }: BoardState): void {
    this.#scores = new Map(
      scores.map((state) => [state.model, new ModelScore(state.model, this.#keep, state)]),
    );
    this.#lost = new Set([...this.#scores.values()].filter(({ isLost }) => isLost));
    this.#epoch = epoch;
    this.#asOf = asOf;
    this.#tell();
  }

  /** Adds the entries that come next on the tape. @throws Error where one cannot be read; then nothing here counts. */
  add(entries: readonly TapeEntry[]): void {
    for (const entry of entries) this.#addEntry(entry);
    this.#asOf = entries.at(-1)?.seq ?? this.#asOf;
    this.#tell();
  }

  /** A lost curve was read again, or could not be. */
  mended(score: ModelScore): void {
    if (!score.isLost) this.#lost.delete(score);
    this.#tell();
  }

  /** What can be saved; undefined while nothing is loaded. */
  state(): BoardState | undefined {
    if (this.#epoch === undefined) return undefined;
    const scores = [...this.#scores.values()].map((score) => score.state());
    return { epoch: this.#epoch, asOf: this.#asOf, scores };
  }

  #addEntry(entry: TapeEntry): void {
    const { kind, model, seq } = entry;
    if (kind === "sentiment" || model === null) return;
    let score = this.#scores.get(model);
    if (score === undefined) {
      score = new ModelScore(model, this.#keep);
      this.#scores.set(model, score);
    }
    if (kind === "portfolio")
      score.noteReport({ seq, body: entry.body }, readBalance(entry), readStart(entry));
    else score.noteTrade(readTrade(entry), seq);
    if (score.isLost) this.#lost.add(score);
  }

  #tell(): void {
    this.#changes++;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
    this.onChange();
  }
}
