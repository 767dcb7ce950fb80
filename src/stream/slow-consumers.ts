const CHECK_MS = 500;
const MAX_BYTES = 1024 * 1024;
const MAX_PACKETS = 1000;
const STALLED_MS = 1000;

/** What waits on one connection. */
export interface Backlog {
  bytes: number;
  packets: number;
}

export interface WatchedConnection {
  backlog(): Backlog;
  cut(): void;
}

/**
 * Cuts off clients that read too slowly: over the bound for a second without a break. They come back by themselves and
 * resume; buffering for them without a bound would take the server down for everyone.
 */
export class SlowConsumerGuard {
  readonly #connections = new Map<WatchedConnection, number | undefined>();
  readonly #onCut: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onCut: () => void) {
    this.#onCut = onCut;
  }

  watch(connection: WatchedConnection): void {
    this.#connections.set(connection, undefined);
    this.#timer ??= setInterval(() => this.check(Date.now()), CHECK_MS).unref();
  }

  forget(connection: WatchedConnection): void {
    this.#connections.delete(connection);
  }

  /** @param now Unix milliseconds. */
  check(now: number): void {
    for (const [connection, overSince] of this.#connections) {
      const { bytes, packets } = connection.backlog();
      if (bytes <= MAX_BYTES && packets <= MAX_PACKETS) {
        if (overSince !== undefined) this.#connections.set(connection, undefined);
      } else if (overSince === undefined) this.#connections.set(connection, now);
      else if (now - overSince >= STALLED_MS) {
        this.#connections.delete(connection);
        this.#onCut();
        connection.cut();
      }
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
