/** A window as it is saved and loaded: the values in ascending order, and how many lie below and above them. */
export interface WindowState {
  below: number;
  values: bigint[];
  above: number;
}

/**
 * The median of values that come one by one, exact, in bounded memory: only those around the middle are held, of the
 * others how many there are. Where the middle has left what is held, the median is lost until the values are looked up.
 * Of values that come in no order the middle moves like a drunkard: `width` of them last for about `width`² more.
 */
export class MedianWindow {
  readonly #width: () => number;
  #state: WindowState | undefined;

  /**
   * @param width how many values to hold; asked whenever some may be let go.
   * @param state null: lost; left out: of no values.
   */
  constructor(width: () => number, state: WindowState | null = { below: 0, values: [], above: 0 }) {
    this.#width = width;
    this.#state = state ?? undefined;
  }

  /** The window of these values. @param sorted all of them, in ascending order. */
  static of(sorted: readonly bigint[], width: number): WindowState {
    const below = startOf(sorted.length, width);
    const values = sorted.slice(below, below + width);
    return { below, values, above: sorted.length - below - values.length };
  }

  /** How many values lie below the window of so many. */
  static offset(count: number, width: number): number {
    return startOf(count, width);
  }

  get isLost(): boolean {
    return this.#state === undefined;
  }

  /** What can be saved; null while it is lost. */
  get state(): WindowState | null {
    return this.#state === undefined ? null : { ...this.#state, values: [...this.#state.values] };
  }

  add(value: bigint): void {
    const state = this.#state;
    if (state === undefined) return;
    const { values } = state;
    const [lowest] = values;
    if (lowest !== undefined && value < lowest && state.below > 0) state.below++;
    else if (lowest !== undefined && value > (values.at(-1) as bigint) && state.above > 0) state.above++;
    else {
      insert(values, value);
      this.trim();
    }
    if (middle(state) === undefined) this.#state = undefined;
  }

  /** Lets go of what is more than the width. */
  trim(): void {
    const state = this.#state;
    for (const width = this.#width(); state !== undefined && state.values.length > width; ) drop(state);
  }

  /** The middle value twice, or of an even number the middle two; null without a value, undefined while it is lost. */
  get middle(): readonly [bigint, bigint] | null | undefined {
    if (this.#state === undefined) return undefined;
    return middle(this.#state);
  }
}

const startOf = (count: number, width: number) => Math.max(0, Math.floor((count - width) / 2));

function middle({ below, values, above }: WindowState): readonly [bigint, bigint] | null | undefined {
  const count = below + values.length + above;
  if (count === 0) return null;
  const low = values[Math.floor((count - 1) / 2) - below];
  const high = values[Math.floor(count / 2) - below];
  return low === undefined || high === undefined ? undefined : [low, high];
}

function insert(values: bigint[], value: bigint): void {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const half = (from + to) >> 1;
    if ((values[half] as bigint) < value) from = half + 1;
    else to = half;
  }
  values.splice(from, 0, value);
}

/** Lets go of the end that is farther from the middle. */
function drop(state: WindowState): void {
  if (state.below > state.above) {
    state.values.pop();
    state.above++;
  } else {
    state.values.shift();
    state.below++;
  }
}
