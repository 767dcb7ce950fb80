const CHECK_MS = 500;
const MAX_BYTES = 1024 * 1024;
const MAX_PACKETS = 1000;
const OVER_MS = 1000;
const STALLED_MS = 20_000;

/** What waits on one connection. */
export interface Backlog {
  bytes: number;
  packets: number;
}

export interface WatchedConnection {
  backlog(): Backlog;
  cut(): void;
}

interface Watch {
  /** Since when it has been over the bound without a break, Unix milliseconds. */
  overSince?: number;
  /** When less waited than at the look before, or nothing; Unix milliseconds. */
  readAt: number;
  bytes: number;
}

/**
 * Cuts off clients that read too slowly: over the bound for a second without a break, or with something waiting that has
 * not become less for 20 s, as where a replay is not read. They come back by themselves and resume; buffering for them
 * without a bound would take the server down for everyone.
 */
export class SlowConsumerGuard {
  readonly #connections = new Map<WatchedConnection, Watch>();
  readonly #onCut: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onCut: () => void) {
    this.#onCut = onCut;
  }

  watch(connection: WatchedConnection): void {
    this.#connections.set(connection, { readAt: Date.now(), bytes: 0 });
    this.#timer ??= setInterval(() => this.check(Date.now()), CHECK_MS).unref();
  }

  forget(connection: WatchedConnection): void {
    this.#connections.delete(connection);
  }

  /** @param now Unix milliseconds. */
  check(now: number): void {
    for (const [connection, watch] of this.#connections) {
      const { bytes, packets } = connection.backlog();
      if (bytes === 0 || bytes < watch.bytes) watch.readAt = now;
      watch.bytes = bytes;
      if (bytes <= MAX_BYTES && packets <= MAX_PACKETS) delete watch.overSince;
      else watch.overSince ??= now;
      const isOver = watch.overSince !== undefined && now - watch.overSince >= OVER_MS;
      if (!isOver && now - watch.readAt < STALLED_MS) continue;
      this.#connections.delete(connection);
      this.#onCut();
      connection.cut();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
