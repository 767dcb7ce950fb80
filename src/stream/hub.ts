import type { TapeEntry } from "../contracts/tape.ts";
import { channelsOf } from "./channels.ts";
import { type Frame, framesOf } from "./frames.ts";

const MIN_PAUSE_MS = 10;
const MAX_PAUSE_MS = 100;
const PAUSE_PER_COST = 4;

/** A way out to clients: it sends one frame to all of its members of a room. */
export interface Door {
  sendToRoom(room: string, frame: Frame): void;
}

/** All durable channels of a client together. Clients with the same view share one room. */
export interface View {
  room: string;
  channels: ReadonlySet<string>;
  /** How many clients are in the room, over all doors. */
  members: number;
  pending: TapeEntry[];
  /** Seq of the last record sent to the room. */
  lastSent: number;
  nextFlushAt: number;
  timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
}

/**
 * The one place that sends to rooms. For each batch it works out once per distinct view which records belong to it, and
 * each view's records leave in one frame, so a thousand spectators of the same channels cost one encoding.
 */
export class Hub {
  readonly #doors: Door[] = [];
  readonly #views = new Map<string, View>();
  readonly #byChannel = new Map<string, Set<View>>();
  #rooms = 0;

  addDoor(door: Door): void {
    this.#doors.push(door);
  }

  /** Takes entries in seq order. Nothing is sent in this call, so writers get their answers first. */
  deliver(entries: readonly TapeEntry[]): void {
    if (this.#views.size === 0) return;
    const touched = new Set<View>();
    for (const entry of entries) {
      for (const channel of channelsOf(entry)) {
        for (const view of this.#byChannel.get(channel) ?? []) {
          // Overlapping channels name the same entry more than once.
          if (view.pending.at(-1)?.seq !== entry.seq) view.pending.push(entry);
          touched.add(view);
        }
      }
    }
    for (const view of touched) this.#schedule(view);
  }

  /** The view of these channels; a client that joins its room has to `enter` it. */
  view(channels: ReadonlySet<string>): View {
    const key = [...channels].sort().join(" ");
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const view: View = {
      room: `view:${++this.#rooms}`,
      channels: new Set(channels),
      members: 0,
      pending: [],
      lastSent: 0,
      nextFlushAt: 0,
      timer: undefined,
    };
    this.#views.set(key, view);
    for (const channel of channels) {
      const views = this.#byChannel.get(channel) ?? new Set();
      this.#byChannel.set(channel, views.add(view));
    }
    return view;
  }

  enter(view: View): void {
    view.members++;
  }

  leave(view: View): void {
    view.members--;
    if (view.members > 0) return;
    this.#cancel(view);
    view.pending = [];
    this.#views.delete([...view.channels].sort().join(" "));
    for (const channel of view.channels) {
      const views = this.#byChannel.get(channel);
      views?.delete(view);
      if (views?.size === 0) this.#byChannel.delete(channel);
    }
  }

  /** Sends what is pending now. Must come before every join and leave of the room, or records come twice or not at all. */
  flush(view: View): void {
    this.#cancel(view);
    if (view.pending.length === 0) return;
    const start = performance.now();
    const entries = view.pending;
    view.pending = [];
    for (const frame of framesOf(entries)) {
      for (const door of this.#doors) door.sendToRoom(view.room, frame);
      view.lastSent = frame.lastSeq;
    }
    const end = performance.now();
    view.nextFlushAt = end + Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, (end - start) * PAUSE_PER_COST));
  }

  /** Tells every client in a view how far it is. */
  announceHead(seq: number, epoch: string): void {
    for (const view of this.#views.values()) {
      if (view.members === 0) continue;
      this.flush(view);
      const frame = { event: "head", text: JSON.stringify({ seq, epoch }), lastSeq: seq };
      for (const door of this.#doors) door.sendToRoom(view.room, frame);
    }
  }

  /** Forgets what is pending: the tape it belonged to is gone. */
  discardPending(): void {
    for (const view of this.#views.values()) {
      this.#cancel(view);
      view.pending = [];
    }
  }

  #schedule(view: View): void {
    if (view.timer !== undefined) return;
    const wait = view.nextFlushAt - performance.now();
    const flush = () => {
      view.timer = undefined;
      this.flush(view);
    };
    view.timer = wait <= 0 ? setImmediate(flush) : setTimeout(flush, wait);
  }

  #cancel(view: View): void {
    clearTimeout(view.timer as NodeJS.Timeout);
    clearImmediate(view.timer as NodeJS.Immediate);
    view.timer = undefined;
  }
}
