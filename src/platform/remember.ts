const MAX_ENTRIES = 10_000;

/** What was looked up lately, for a short time. */
export interface Memory<Value> {
  /**
   * The remembered value at once, else what `load` gives; callers of one key at one moment share one look-up.
   * A failure is not remembered.
   */
  get(key: string, load: () => Promise<Value>): Value | Promise<Value>;
  /** Forgets the entries for which `matches` holds. */
  forget(matches: (value: Value) => boolean): void;
}

interface Entry<Value> {
  value?: Value;
  loading?: Promise<Value>;
  /** Milliseconds on the monotonic clock. */
  until: number;
}

/**
 * @param milliseconds how old a value may be that is answered, counted from when its look-up began: what changed before
 * that is always seen.
 */
export function remember<Value>(milliseconds: number): Memory<Value> {
  const entries = new Map<string, Entry<Value>>();

  function load(key: string, look: () => Promise<Value>): Promise<Value> {
    const entry: Entry<Value> = { until: performance.now() + milliseconds };
    entry.loading = look().then(
      (value) => {
        entry.value = value;
        delete entry.loading;
        return value;
      },
      (error: unknown) => {
        if (entries.get(key) === entry) entries.delete(key);
        throw error;
      },
    );
    // The oldest go first: a key that is set again moves to the end.
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > MAX_ENTRIES) {
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    }
    return entry.loading;
  }

  return {
    get(key, look) {
      const entry = entries.get(key);
      if (entry === undefined || performance.now() >= entry.until) return load(key, look);
      return entry.loading ?? (entry.value as Value);
    },
    forget(matches) {
      for (const [key, { value, loading }] of entries) {
        // What is still being looked up may have been read before the change.
        if (loading !== undefined || (value !== undefined && matches(value))) entries.delete(key);
      }
    },
  };
}
