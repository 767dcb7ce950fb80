import { io, type Socket } from "socket.io-client";
import { eventually } from "./eventually.ts";

export interface StreamRecord {
  seq: number;
  id?: string;
  [field: string]: unknown;
}

/** A client as users write one: it subscribes in the handshake and resumes from the newest seq it knows. */
export interface Subscriber {
  socket: Socket;
  records: StreamRecord[];
  heads: { seq: number; epoch: string }[];
  resets: { reason: string; oldest: number; head: number; epoch: string }[];
  /** Names of the events in the order in which their frames came. */
  frames: string[];
  /** The number it would resume from. */
  since(): number;
  /** Resolves once everything up to `seq` has been sent. */
  reached(seq: number): Promise<void>;
  close(): void;
}

export function subscribeTo(
  url: string,
  channels: string[],
  options: { since?: number; epoch?: string; transports?: ("websocket" | "polling")[] } = {},
): Subscriber {
  let since = options.since;
  const socket = io(url, {
    transports: options.transports ?? ["websocket"],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    auth: (give) =>
      give({
        channels,
        ...(since !== undefined && { since }),
        ...(options.epoch && { epoch: options.epoch }),
      }),
  });
  const subscriber: Subscriber = {
    socket,
    records: [],
    heads: [],
    resets: [],
    frames: [],
    since: () => since ?? 0,
    reached: (seq) => eventually(async () => (since ?? 0) >= seq).then(() => {}),
    close: () => void socket.disconnect(),
  };
  for (const event of ["trades", "portfolios", "sentiments"]) {
    socket.on(event, (records: StreamRecord[]) => {
      subscriber.frames.push(event);
      subscriber.records.push(...records);
      since = records.at(-1)?.seq ?? since;
    });
  }
  socket.on("head", (head) => {
    subscriber.heads.push(head);
    since = Math.max(since ?? 0, head.seq);
  });
  socket.on("reset", (reset) => {
    subscriber.resets.push(reset);
    since = reset.head;
  });
  return subscriber;
}

/** The seqs that are missing, doubled or out of order between `from` (exclusive) and `to`; empty when all is well. */
export function faults(records: StreamRecord[], from: number, to: number): string[] {
  const found: string[] = [];
  let last = from;
  for (const { seq } of records) {
    if (seq > to) break;
    if (seq === last) found.push(`${seq} came twice`);
    else if (seq < last) found.push(`${seq} came after ${last}`);
    else if (seq > last + 1) found.push(`${last + 1}..${seq - 1} are missing`);
    last = Math.max(last, seq);
  }
  if (last < to) found.push(`${last + 1}..${to} are missing at the end`);
  return found;
}
