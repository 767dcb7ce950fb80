import type { TapeEntry } from "../../contracts/tape.ts";
import type { Head } from "../../tape/index.ts";
import { type Bounds, ModelScore, type ScoreState } from "../score/model-score.ts";
import { readBalance, readLastUpdate, readStart, readTrade } from "../score/read-entry.ts";

/** How much is held of a model beyond its sums: at most, at least, and of all models together. */
const TRADES = { most: 256, fewest: 8, inAll: 65_536 };
const VALUES = { most: 2_048, fewest: 8, inAll: 32_768 };

/** All scores at one seq of one tape. */
export interface BoardState {
  epoch: string;
  asOf: number;
  scores: ScoreState[];
}

/** Every model's score as of one seq of the tape, in memory, kept by adding the tape's entries in seq order. */
export class Scoreboard {
  readonly #bounds: Bounds;
  #scores = new Map<string, ModelScore>();
  #lost = new Set<ModelScore>();
  #epoch: string | undefined;
  #asOf = 0;
  #changes = 0;
  #waiters: (() => void)[] = [];
  /** Called after each change; must not throw. */
  onChange: () => void = () => {};
  /** Called with each report, in seq order: what it was worth has to be looked up. */
  onReport: (report: { score: ModelScore; at: number; seq: number }) => void = () => {};
  /** Called with an entry that cannot be read: its model's score has to be worked out from the tables. */
  onUnreadable: (entry: TapeEntry, error: unknown) => void = () => {};

  /** @param keep how many of a model's newest trades are held beside its curve; for tests. */
  constructor(keep?: number) {
    // Fewer a model the more models there are, so that memory grows with the models and not with their trades.
    const share = ({ most, fewest, inAll }: typeof TRADES) =>
      Math.max(fewest, Math.min(most, Math.floor(inAll / this.#scores.size)));
    this.#bounds = { trades: () => keep ?? share(TRADES), values: () => share(VALUES) };
  }

  get asOf(): number {
    return this.#asOf;
  }

  /** How often it has changed: the same number, the same board. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether it can be read: it is loaded, and no ledger is lost. */
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
      scores.map((state) => [state.model, new ModelScore(state.model, this.#bounds, state)]),
    );
    for (const score of this.#scores.values()) score.trim();
    this.#lost = new Set([...this.#scores.values()].filter(({ isLost }) => isLost));
    this.#epoch = epoch;
    this.#asOf = asOf;
    this.#tell();
  }

  /** Adds the entries that come next on the tape. */
  add(entries: readonly TapeEntry[]): void {
    for (const entry of entries) this.#addEntry(entry);
    this.#asOf = entries.at(-1)?.seq ?? this.#asOf;
    this.#tell();
  }

  /** Some ledgers were read again, or could not be. */
  mended(scores: Iterable<ModelScore>): void {
    for (const score of scores) if (!score.isLost) this.#lost.delete(score);
    this.#tell();
  }

  /** What reports were worth has come. @param scores of which models. */
  valued(scores: Iterable<ModelScore>): void {
    for (const score of scores) if (score.isLost) this.#lost.add(score);
    this.#tell();
  }

  /** What can be saved; undefined while nothing is loaded. */
  state(): BoardState | undefined {
    if (this.#epoch === undefined) return undefined;
    const scores = [...this.#scores.values()].map((score) => score.state());
    return { epoch: this.#epoch, asOf: this.#asOf, scores };
  }

  #addEntry(entry: TapeEntry): void {
    const { kind, model } = entry;
    if (kind === "sentiment" || model === null) return;
    let score = this.#scores.get(model);
    if (score === undefined) {
      score = new ModelScore(model, this.#bounds);
      this.#scores.set(model, score);
    }
    try {
      if (kind === "portfolio") this.#addReport(score, entry);
      else score.noteTrade(readTrade(entry), entry.seq);
    } catch (error) {
      // The tables hold what the text does not say in a way that can be read here.
      score.lose();
      this.onUnreadable(entry, error);
    }
    if (score.isLost) this.#lost.add(score);
  }

  #addReport(score: ModelScore, entry: TapeEntry): void {
    const { seq, body } = entry;
    const at = readLastUpdate(entry);
    if (Number.isNaN(at)) throw new Error("a report on the tape does not say of when it is");
    score.noteReport({ seq, body }, readBalance(entry), readStart(entry));
    this.onReport({ score, at, seq });
  }

  #tell(): void {
    this.#changes++;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
    this.onChange();
  }
}
