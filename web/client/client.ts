import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { createListeners } from "./listeners.ts";
import { SILENT_AFTER_MS, watchSilence } from "./watch-silence.ts";
import type { Ack, Refusal, Reset, StreamEvents, StreamRequests } from "./wire.ts";

/**
 * `catching-up`: connected, and the past since the last seq is on its way. `silent`: nothing has come for 12 s, and another
 * connection is being made. `offline`: gone, trying again.
 */
export type ClientState = "connecting" | "catching-up" | "live" | "silent" | "offline";

export interface ClientOptions {
  /** Where the playground is, `http://127.0.0.1:3000`; in a browser the page's own host is the default. */
  url?: string;
  channels: readonly string[];
  /** Seq after which records are wanted; without it the stream begins now. */
  since?: number;
  /** The tape that `since` belongs to, so that a restored one is noticed. */
  epoch?: string;
  /** An API key's secret. */
  token?: string;
}

/** What can be listened to: the stream's own events, the connection's state, and a refused connection. */
export interface ClientEvents extends StreamEvents {
  state: (state: ClientState) => void;
  refused: (refusal: Refusal) => void;
}

export interface PlaygroundClient {
  readonly state: ClientState;
  /** The seq to resume from, and its tape; undefined until the service has named one. */
  readonly since: number | undefined;
  readonly epoch: string | undefined;
  readonly channels: readonly string[];
  on<Event extends keyof ClientEvents>(event: Event, listener: ClientEvents[Event]): () => void;
  /** Adds channels, from now on. @throws Error with the service's sentence where it refuses. */
  subscribe(...channels: string[]): Promise<void>;
  unsubscribe(...channels: string[]): Promise<void>;
  close(): void;
}

const ANSWER_WITHIN_MS = 10_000;
const RETRY_MS = 1000;
const RETRY_MAX_MS = 5000;
const DURABLE = ["trades", "portfolios", "sentiments"] as const;
const LIVE = ["prices", "leaderboard", "news"] as const;
/** Refusals that pass by themselves. */
const PASSING = new Set(["unavailable", "rate_limited"]);

/**
 * Follows channels of a trading-playground. Every durable record arrives once and in seq order, over reconnects and
 * restarts too: the subscription rides in each handshake with the seq that was reached. On `reset` the past has to be
 * loaded by REST; what comes after the reset's head arrives as before.
 */
export function createPlaygroundClient(options: ClientOptions): PlaygroundClient {
  const { token } = options;
  const channels = new Set(options.channels);
  const listeners = createListeners<ClientEvents>();
  let { since, epoch } = options;
  let state: ClientState = "connecting";
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const settings: Partial<ManagerOptions & SocketOptions> = {
    // A function, so that every reconnect asks for what is missing by then.
    auth: (give: (auth: object) => void) =>
      give({
        ...(token !== undefined && { token }),
        ...(channels.size > 0 && { channels: [...channels] }),
        ...(channels.size > 0 && since !== undefined && { since }),
        ...(channels.size > 0 && epoch !== undefined && { epoch }),
      }),
    // WebSocket first: without it several instances would need a sticky load balancer.
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    // A server that accepts connections and says nothing.
    timeout: SILENT_AFTER_MS,
    reconnectionDelay: RETRY_MS,
    reconnectionDelayMax: RETRY_MAX_MS,
    forceNew: true,
  };
  const socket: Socket<StreamEvents, StreamRequests> =
    options.url === undefined ? io(settings) : io(options.url, settings);

  const become = (next: ClientState) => {
    if (state === next) return;
    state = next;
    listeners.emit("state", next);
  };
  const connectLater = () => {
    clearTimeout(retry);
    retry = setTimeout(() => socket.connect(), RETRY_MS + Math.random() * RETRY_MS);
  };

  const silence = watchSilence(() => {
    become("silent");
    // Ends this side at once; a server that is not there need not agree.
    socket.disconnect();
    connectLater();
  });
  socket.io.on("open", () => {
    const { engine } = socket.io;
    // Pings too: a client of live values alone gets no heads.
    engine.on("packet", () => {
      if (socket.io.engine === engine) silence.heard();
    });
  });

  socket.on("connect", () => {
    silence.start();
    become(hasDurable(channels) ? "catching-up" : "live");
  });
  socket.on("disconnect", () => {
    silence.stop();
    if (state === "silent") return;
    become("offline");
    // After a disconnect by the server the stock client would stay away.
    if (!socket.active && !closed) connectLater();
  });
  socket.on("connect_error", (error) => {
    become("offline");
    if (socket.active || closed) return;
    const refusal = refusalOf(error);
    if (PASSING.has(refusal.code)) connectLater();
    else listeners.emit("refused", refusal);
  });

  for (const event of DURABLE) {
    socket.on(event, (records: { seq: number }[]) => {
      const reached = since ?? 0;
      const fresh = records.filter(({ seq }) => seq > reached);
      const last = fresh.at(-1);
      if (last === undefined) return;
      since = last.seq;
      listeners.emit(event, fresh as never);
    });
  }
  for (const event of LIVE) {
    socket.on(event, (values: unknown[]) => listeners.emit(event, values as never));
  }
  socket.on("head", (head) => {
    since = Math.max(since ?? 0, head.seq);
    epoch = head.epoch;
    listeners.emit("head", head);
    become("live");
  });
  socket.on("reset", (reset: Reset) => {
    since = reset.head;
    epoch = reset.epoch;
    listeners.emit("reset", reset);
  });
  socket.on("shutdown", (notice) => {
    socket.io.reconnectionDelay(notice.retry_ms);
    listeners.emit("shutdown", notice);
  });

  return {
    get state() {
      return state;
    },
    get since() {
      return since;
    },
    get epoch() {
      return epoch;
    },
    get channels() {
      return [...channels];
    },
    on: listeners.on,
    async subscribe(...names) {
      const added = names.filter((name) => !channels.has(name));
      for (const name of added) channels.add(name);
      // Not connected, or cut off before the answer: the next handshake asks for them.
      if (!socket.connected) return;
      const ack = await answer(
        socket.timeout(ANSWER_WITHIN_MS).emitWithAck("subscribe", { channels: names }),
      );
      if (ack === undefined || ack.ok) return;
      for (const name of added) channels.delete(name);
      throw new Error(`The playground refused the channels: ${ack.error}`);
    },
    async unsubscribe(...names) {
      for (const name of names) channels.delete(name);
      if (!socket.connected) return;
      await answer(socket.timeout(ANSWER_WITHIN_MS).emitWithAck("unsubscribe", { channels: names }));
    },
    close() {
      closed = true;
      silence.stop();
      clearTimeout(retry);
      socket.disconnect();
      become("offline");
    },
  };
}

async function answer(asked: Promise<Ack>): Promise<Ack | undefined> {
  return await asked.catch(() => undefined);
}

function hasDurable(channels: ReadonlySet<string>): boolean {
  return [...channels].some((name) => DURABLE.some((event) => event === name.split("/")[0]));
}

function refusalOf(error: Error): Refusal {
  const { data } = error as Error & { data?: Partial<Refusal> };
  return { code: data?.code ?? "refused", error: data?.error ?? error.message };
}
